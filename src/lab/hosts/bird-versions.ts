interface Router {
  askBird(command: string): Promise<string>;
}

/** The version of a router's BIRD; `unknown` for one that does not answer. */
export async function birdVersion(router: Router): Promise<string> {
  const reply = await router.askBird('show status').catch(() => '');
  return /^1000-BIRD (\S+)/m.exec(reply)?.[1] ?? 'unknown';
}

/** Each version once, sorted: one, where all routers find the same program in the PATH. */
export function distinct(versions: readonly string[]): string[] {
  return [...new Set(versions)].sort();
}
