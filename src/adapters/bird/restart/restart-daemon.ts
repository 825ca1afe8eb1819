import { access, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { wordsOf } from '../../../core/model/words-of.js';
import type { Run } from '../../../platform/exec.js';
import type { BirdRestarted } from '../../../shell/ports/bird.js';
import { parseStatus } from '../parse.js';
import type { BirdSocketOptions } from '../socket/socket.js';
import { withBird } from '../socket/with-bird.js';
import { type BirdDaemon, findDaemon } from './find-daemon.js';
import { prepareUnit, type RecoveryUnit } from './recovery-drop-in.js';

export interface RestartOptions extends BirdSocketOptions {
  readonly run: Run;
  /** The `/proc/<pid>/net` of BIRD's network namespace; this process's own where it is left out. */
  readonly net?: string;
  /** systemd's volatile directory: it is there where systemd runs the machine (sd_booted(3)). */
  readonly systemdDirectory?: string;
}

const endsWithinMs = 30_000;
const answersWithinMs = 60_000;
const pollMs = 50;

/**
 * Stops BIRD for a graceful restart, so that neighbors and the kernel keep its routes (RFC 4724), and starts the installed BIRD in
 * recovery mode (`bird -R`), as it was started before. It answers when this returns; sessions come up after that. Not begun where the
 * installed BIRD does not take the configuration, or where BIRD is somebody's who would start it without `-R`.
 * Throws where it went wrong in the middle; where the start in recovery mode failed, BIRD was started without it.
 */
export async function restartDaemon(options: RestartOptions, signal?: AbortSignal): Promise<BirdRestarted> {
  const prepared = await prepare(options, signal).catch((error: unknown) => wordsOf(error));
  if (typeof prepared === 'string') return { kind: 'not-begun', reason: `BIRD runs on: ${prepared}` };
  const { daemon, way } = prepared;
  try {
    // From here on there is no way back: a BIRD that is asked to stop does.
    await stop(options, way);
    await untilGone(daemon.pid);
    await startOrElse(options, way);
    return { kind: 'restarted' };
  } finally {
    await way.cleanUp();
  }
}

async function prepare(options: RestartOptions, signal?: AbortSignal) {
  const controlSocket = (await options.findSocket?.()) ?? options.controlSocket;
  const daemon = await findDaemon(controlSocket, options.net);
  await checkConfiguration(options.run, daemon, signal);
  signal?.throwIfAborted();
  return { daemon, way: await findWay(options, daemon) };
}

type Way = RecoveryUnit & {
  startPlainly(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
};

async function findWay(options: RestartOptions, daemon: BirdDaemon): Promise<Way> {
  const { run, systemdDirectory = '/run/systemd/system' } = options;
  const { command, unit, pid } = daemon;
  const plain = command.filter((arg) => arg !== '-R');
  const recovering = [...plain, '-R'];
  const hasSystemd = await access(systemdDirectory).then(
    () => true,
    () => false,
  );
  if (hasSystemd && unit !== undefined && (await mainPid(run, unit)) === pid) {
    const prepared = await prepareUnit(run, unit, recovering, systemdDirectory);
    return { ...prepared, startPlainly: () => startUnit(run, unit), kill: () => killUnit(run, unit) };
  }
  const byHand = `Do it by hand: birdc graceful restart, then start it with the option -R: ${recovering.join(' ')}`;
  if (hasSystemd)
    throw new Error(`BIRD (process ${pid}) is not the main process of a systemd service. ${byHand}`);
  if (command.some((arg) => arg === '-f' || arg === '-d'))
    throw new Error(
      `BIRD (process ${pid}) runs in the foreground: what started it would start it without -R. ${byHand}`,
    );
  return {
    start: () => start(run, recovering),
    startPlainly: () => start(run, plain),
    kill: async () => void process.kill(pid, 'SIGKILL'),
    cleanUp: async () => undefined,
  };
}

async function mainPid(run: Run, unit: string): Promise<number> {
  return Number((await run('systemctl', ['show', '--property=MainPID', '--value', unit])).stdout.trim());
}

async function startUnit(run: Run, unit: string): Promise<void> {
  await run('systemctl', ['start', unit], { timeoutMs: answersWithinMs });
}

/** The agent's own service may not send signals to processes of other users. */
async function killUnit(run: Run, unit: string): Promise<void> {
  await run('systemctl', ['kill', '--kill-who=main', '--signal=SIGKILL', unit]);
}

async function start(run: Run, [program = '', ...args]: readonly string[]): Promise<void> {
  await run(program, args, { leavesDaemon: true, timeoutMs: answersWithinMs });
}

/**
 * `bird -p` by the program that will be started: after an upgrade it is another one than the one that runs. As this user: to be
 * another one needs rights that the agent's service does not have.
 */
async function checkConfiguration(run: Run, { command }: BirdDaemon, signal?: AbortSignal): Promise<void> {
  const isUser = (word: string | undefined) => word === '-u' || word === '-g';
  const [program = '', ...args] = command.filter(
    (word, index) => !isUser(word) && !isUser(command[index - 1]),
  );
  await run(program, [...args, '-p'], { timeoutMs: answersWithinMs, signal }).catch((cause: unknown) => {
    throw new Error(`the installed BIRD does not take the configuration: ${wordsOf(cause)}`, { cause });
  });
}

/**
 * Ends BIRD so that its neighbors take it for restarting. BIRD 3 (3.4.0) sends them a Cease at `graceful restart`, and they drop
 * its routes at once; if it is killed, the kernel closes its connections, and they keep them. The kernel's routes stay either way.
 */
async function stop(options: RestartOptions, way: Way): Promise<void> {
  const { version } = parseStatus(await withBird(options, undefined, (bird) => bird.ask('show status')));
  if (!version.startsWith('2.')) return way.kill();
  const { code, text } = await withBird(options, undefined, (bird) => bird.ask('graceful restart'));
  // 0025 Graceful restart requested
  if (!code.startsWith('0')) throw new Error(`graceful restart: BIRD says ${code} ${text}`);
}

async function untilGone(pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < endsWithinMs; waitedMs += pollMs) {
    if (!(await isAlive(pid))) return;
    await sleep(pollMs);
  }
  throw new Error(
    `BIRD (process ${pid}) has not ended within ${endsWithinMs / 1000} s after graceful restart`,
  );
}

async function startOrElse(options: RestartOptions, way: Way): Promise<void> {
  try {
    await way.start();
    await untilAnswers(options);
  } catch (cause) {
    await way.cleanUp();
    await way.startPlainly();
    await untilAnswers(options);
    throw new Error(
      `BIRD could not be started in recovery mode and was started without it: ${wordsOf(cause)}`,
      {
        cause,
      },
    );
  }
}

async function untilAnswers(options: RestartOptions): Promise<void> {
  const startedMs = performance.now();
  for (;;) {
    try {
      parseStatus(await withBird(options, undefined, (bird) => bird.ask('show status')));
      return;
    } catch (error) {
      if (performance.now() - startedMs > answersWithinMs) throw error;
      await sleep(pollMs);
    }
  }
}

/** A zombie is none: its parent has not looked yet. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/^Z/.test(stat.replace(/^.*\) /s, ''));
}
