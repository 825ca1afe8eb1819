import { dirname, join } from 'node:path';
import type { Run } from '../../../platform/exec.js';

const programTimeoutMs = 60_000;

/** A service that systemd will start in recovery mode the next time, and how to do it. */
export interface RecoveryUnit {
  start(): Promise<void>;
  /** systemd forgets it. The file is gone already if BIRD has been started with it. */
  cleanUp(): Promise<void>;
}

/**
 * Has systemd start BIRD's unit with `-R` the next time. The option is in no unit's own command, and must not stay in it: a machine that
 * boots would wait for neighbors before it uses a route. So a drop-in in systemd's volatile directory replaces the command by the
 * one that runs now and `-R`, and removes itself when BIRD has started with it.
 *
 * systemd writes and removes the file (systemd-run(1)): the agent's own service may not write outside its directories.
 * Throws where the unit does not take it, with nothing left behind.
 */
export async function prepareUnit(
  run: Run,
  unit: string,
  command: readonly string[],
  directory = '/run/systemd/system',
): Promise<RecoveryUnit> {
  const file = join(directory, `${unit}.d`, 'zz-moenet-agent-recovery.conf');
  const program = (name: string, args: readonly string[], input?: string) =>
    run(name, args, { timeoutMs: programTimeoutMs, input });
  const asSystemd = (args: readonly string[], input?: string) =>
    program('systemd-run', ['--quiet', '--wait', '--collect', '--pipe', '--', ...args], input);
  const reload = () => program('systemctl', ['daemon-reload']);
  const cleanUp = async () => {
    await asSystemd(['rm', '-f', file]);
    await asSystemd(['rmdir', '--ignore-fail-on-non-empty', dirname(file)]);
    await reload();
  };
  try {
    await asSystemd(['mkdir', '-p', dirname(file)]);
    await asSystemd(['tee', file], dropIn(command, file));
    await reload();
    const { stdout } = await program('systemctl', ['show', '--property=ExecStart', '--value', unit]);
    if (!/(^|\s)-R(\s|$)/.test(stdout))
      throw new Error(`systemd does not take ${file}: something overrides ExecStart of ${unit}`);
  } catch (error) {
    await cleanUp().catch(() => undefined);
    throw error;
  }
  return { start: async () => void (await program('systemctl', ['start', unit])), cleanUp };
}

/** `+`: with systemd's own rights, whoever BIRD runs as. */
function dropIn(command: readonly string[], file: string): string {
  return `# moenet-agent bird restart: the next start only.
[Service]
ExecStart=
ExecStart=${command.map(quoted).join(' ')}
ExecStartPost=+/bin/rm -f ${quoted(file)}
`;
}

/** An argument as it is: neither a specifier nor a variable (systemd.service(5), "Command lines"). */
function quoted(argument: string): string {
  if (/\p{Cc}/u.test(argument)) throw new Error('a command line with control characters cannot be repeated');
  return `"${argument.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}
