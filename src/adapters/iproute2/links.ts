import type { LinkChange } from '../../core/model/change.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import type { Links } from '../../shell/ports/host.js';
import { type BatchCommand, toCommands } from './batch.js';
import { attributeFailures } from './failures.js';
import { openLinkGlance } from './glance.js';
import { type LinkListeners, openLinkListeners } from './link-listeners.js';
import { parseLinks } from './parse.js';

interface LinksOptions {
  readonly run: Run;
  readonly listeners?: LinkListeners | undefined;
}

/** So many interfaces are changed by one `ip`, so that it ends in time also on a slow machine. */
const atOnce = 300;
/** The same where a wireguard-go listens: it must read what the kernel tells it before it is told more. */
const atOnceWithListeners = 20;

/** Links and addresses of the host, read by one `ip` and changed by few. Throws `ProgramError` where `ip` cannot run. */
export function openLinks({ run, listeners = openLinkListeners() }: LinksOptions): Links {
  return {
    observe: async (signal) => parseLinks((await run('ip', ['-j', '-d', 'addr', 'show'], { signal })).stdout),
    glance: openLinkGlance(),
    apply: async (changes, signal) => {
      const { planned, refused } = plan(changes);
      const failures = new Map(refused);
      let lateInRow = 0;
      for (let next = 0; next < planned.length; ) {
        const most = (await listeners.settle(signal)) > 0 ? atOnceWithListeners : atOnce;
        const some = planned.slice(next, next + most);
        next += some.length;
        const late = lateInRow < 2 ? await applySome(run, some.flat(), failures, signal) : notTried;
        lateInRow = late === undefined ? 0 : lateInRow + 1;
        if (late === undefined) continue;
        for (const [command] of some) if (command) failures.set(command.interface, late);
      }
      return failures;
    },
  };
}

const notTried =
  'not tried, because ip did not finish the changes before; the agent tries again at a later pass';

/** Adds what failed to `failures`. Returns why it is unknown what was done, where `ip` did not end in time. */
async function applySome(
  run: Run,
  commands: readonly BatchCommand[],
  failures: Map<string, string>,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const input = commands.map(({ line }) => `${line}\n`).join('');
  const timeoutMs = 10_000 + 20 * commands.length;
  try {
    const options = { input, signal, okExitCodes: [1, 255], timeoutMs };
    const result = await run('ip', ['-force', '-batch', '-'], options);
    for (const [name, words] of attributeFailures(commands, result)) failures.set(name, words);
    return undefined;
  } catch (error) {
    if (error instanceof ProgramError && error.isLate) return error.message;
    throw error;
  }
}

/** The commands of each change. One that cannot be said in a batch is refused as a whole, and the others go on without it. */
function plan(changes: readonly LinkChange[]): {
  readonly planned: readonly (readonly BatchCommand[])[];
  readonly refused: ReadonlyMap<string, string>;
} {
  const planned: (readonly BatchCommand[])[] = [];
  const refused = new Map<string, string>();
  for (const change of changes) {
    try {
      const commands = toCommands(change);
      if (commands.length > 0) planned.push(commands);
    } catch (error) {
      refused.set(change.interface, (error as Error).message);
    }
  }
  return { planned, refused };
}
