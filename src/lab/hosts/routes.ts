import type { Namespace } from '../namespace.js';

/** Says which of the prefixes a BIRD has no route to; nothing where it has all. */
export async function missingInBird(
  host: { askBird(command: string): Promise<string> },
  prefixes: readonly string[],
): Promise<string | undefined> {
  for (const prefix of prefixes) {
    const reply = await host.askBird(`show route ${prefix}`);
    if (!reply.includes(`${prefix} `)) return `BIRD has no route to ${prefix}`;
  }
  return undefined;
}

/** Says which of the prefixes the host's kernel has no route to; nothing where it has all. */
export async function missingInKernel(
  host: Namespace,
  prefixes: readonly string[],
): Promise<string | undefined> {
  const [ipv4, ipv6] = await Promise.all(
    ['-4', '-6'].map((family) => host.run('ip', ['-j', family, 'route'])),
  );
  const routes: readonly { dst: string }[] = [ipv4, ipv6].flatMap((answer) =>
    JSON.parse(answer?.stdout || '[]'),
  );
  const missing = prefixes.find((prefix) => !routes.some(({ dst }) => dst === prefix));
  return missing === undefined ? undefined : `the kernel has no route to ${missing}`;
}
