interface Router {
  askBird(command: string): Promise<string>;
}

/**
 * The versions of BIRD that these routers run, sorted: one, where all of them find the same BIRD in the PATH. `unknown` for a
 * BIRD that does not answer.
 */
export async function birdVersions(routers: readonly Router[]): Promise<string[]> {
  const replies = await Promise.all(routers.map((router) => router.askBird('show status').catch(() => '')));
  const versions = replies.map((reply) => /^1000-BIRD (\S+)/m.exec(reply)?.[1] ?? 'unknown');
  return [...new Set(versions)].sort();
}
