import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Why tests of real programs cannot run on this machine, in words, as in a plain container; undefined where they can. */
export function whyNotHere(tun = '/dev/net/tun'): string | undefined {
  const { status, error, stderr } = spawnSync('unshare', ['--net', '--mount', '--pid', '--fork', 'true'], {
    encoding: 'utf8',
  });
  if (error) return `it has no unshare (${error.message})`;
  if (status !== 0) return `it makes no namespaces (${stderr.trim()})`;
  try {
    closeSync(openSync(tun, 'r+'));
    return undefined;
  } catch (error) {
    return `it opens no ${tun} (${error instanceof Error ? error.message : error})`;
  }
}

/** The same reason, where it is one to skip: throws where `CI` is `true`. */
export function whySkipped(why = whyNotHere()): string | undefined {
  if (why !== undefined && process.env['CI'] === 'true')
    throw new Error(`Tests of real programs cannot run on this machine: ${why}. CI has to prove them.`);
  return why;
}

/** What replaces a test file that cannot run here: it counts as skipped, and says why. */
export function skippedFile(why: string): string {
  return `import { it } from 'vitest';\nit.skip(${JSON.stringify(`not proved on this machine: ${why}`)}, () => undefined);\n`;
}

/** The end of the name of a file, in such a project, that needs none. */
const anywhere = '.anywhere.test.ts';

/** For a project whose tests need namespaces: skips its files where the machine has none. It asks when there is a file to run. */
export function needsNamespaces(ask = whySkipped): Plugin {
  let asked: { readonly why: string | undefined } | undefined;
  return {
    name: 'needs-namespaces',
    enforce: 'pre',
    transform: (_, id) => {
      if (!id.endsWith('.test.ts') || id.endsWith(anywhere)) return undefined;
      asked ??= { why: ask() };
      return asked.why === undefined ? undefined : { code: skippedFile(asked.why), map: null };
    },
  };
}
