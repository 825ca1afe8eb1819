import { statSync } from 'node:fs';
import { run as runProgram } from './exec.js';
import { programFile, selfCommand, version } from './self.js';

/** Which file it is: an installation replaces the file, or what is in it. Undefined where it is not there. */
function identityOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats && `${stats.dev} ${stats.ino} ${stats.mtimeMs} ${stats.size}`;
}

/** When this process began. A reload of the configuration does not begin it anew. */
const began = identityOf(programFile);

/**
 * Looks whether the program on disk is still the one that runs. `note` is for the reader of a status, where it has another version;
 * the program on disk is asked for it once, in the background, each time it has changed.
 */
export function openOwnProgram({
  file = programFile,
  command = selfCommand,
  running = version,
  identity = began,
  run = runProgram,
} = {}): { note(): string | undefined } {
  const [program = '', ...args] = command;
  let known = identity;
  let note: string | undefined;

  async function ask(changed: string): Promise<void> {
    // An installation that is not complete yet; the next change is seen as well.
    const onDisk = await run(program, [...args, '--version'], { timeoutMs: 30_000 }).catch(() => undefined);
    if (known !== changed || onDisk === undefined) return;
    const other = onDisk.stdout.trim();
    if (other !== running)
      note = `version ${other} of the agent is installed, and version ${running} still runs. To start the installed one, without the loss of a packet: systemctl restart moenet-agent`;
  }

  return {
    note: () => {
      const now = identityOf(file);
      if (now === undefined || now === known) return note;
      known = now;
      note = undefined;
      void ask(now);
      return note;
    },
  };
}
