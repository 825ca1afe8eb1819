import type { LinkChange } from '../../core/model/change.js';
import type { Run } from '../../platform/exec.js';
import type { Links } from '../../shell/ports/host.js';
import { type BatchCommand, toCommands } from './batch.js';
import { attributeFailures } from './failures.js';
import { openLinkGlance } from './glance.js';
import { parseLinks } from './parse.js';

/** Links and addresses of the host, read and changed by one `ip` each. Throws `ProgramError` where `ip` cannot run. */
export function openLinks({ run }: { readonly run: Run }): Links {
  return {
    observe: async (signal) => parseLinks((await run('ip', ['-j', '-d', 'addr', 'show'], { signal })).stdout),
    glance: openLinkGlance(),
    apply: async (changes, signal) => {
      const { commands, refused } = plan(changes);
      if (commands.length === 0) return refused;
      const input = commands.map(({ line }) => `${line}\n`).join('');
      const result = await run('ip', ['-force', '-batch', '-'], {
        input,
        signal,
        okExitCodes: [1, 255],
        timeoutMs: 10_000 + 20 * commands.length,
      });
      return new Map([...attributeFailures(commands, result), ...refused]);
    },
  };
}

/** A change that cannot be said in a batch is refused as a whole, and the others go on without it. */
function plan(changes: readonly LinkChange[]): {
  readonly commands: readonly BatchCommand[];
  readonly refused: ReadonlyMap<string, string>;
} {
  const commands: BatchCommand[] = [];
  const refused = new Map<string, string>();
  for (const change of changes) {
    try {
      commands.push(...toCommands(change));
    } catch (error) {
      refused.set(change.interface, (error as Error).message);
    }
  }
  return { commands, refused };
}
