import type { Namespace } from '../namespace.js';

/** One echo request, 2 s at most. Returns nothing where it was answered. */
export async function ping(host: Namespace, target: string, source?: string): Promise<string | undefined> {
  const from = source === undefined ? [] : ['-I', source];
  const { exitCode } = await host.run('ping', ['-n', '-q', '-c', '1', '-W', '2', ...from, target], {
    okExitCodes: [0, 1, 2],
  });
  return exitCode === 0 ? undefined : `${host.name} has no answer from ${target}`;
}

/** The first of several findings that is one. */
export async function firstFailure(
  findings: readonly Promise<string | undefined>[],
): Promise<string | undefined> {
  return (await Promise.all(findings)).find((finding) => finding !== undefined);
}
