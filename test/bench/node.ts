import type { ChildProcess } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ControlPlaneState } from '../../src/lab/control-plane/control-plane-state.js';
import type { SessionRow } from '../../src/lab/control-plane/session-row.js';
import { untilDaemonAnswers } from '../e2e/ask-daemon.js';
import { type BirdCommand, openBirdRelay } from './bird-relay.js';
import { nodeName, port, serveControlPlane, token } from './control-plane.js';
import { type BenchHost, birdSocket, end, openHost } from './host.js';
import { parsePrograms, type StartedProgram } from './programs.js';
import { type Timed, timed } from './timed.js';

const main = resolve('dist/main.js');
const recorder = resolve('test/bench/record-programs.cjs');
const unit = resolve('systemd/moenet-agent.service');

/** A host with the built agent, and the lab's control plane for it. */
export interface BenchNode extends BenchHost {
  readonly controlPlane: ControlPlaneState;
  /** What BIRD was told. */
  readonly birdCommands: readonly BirdCommand[];
  addSessions(rows: readonly SessionRow[]): void;
  /** One pass, `run --once`. */
  once(): Promise<Timed>;
  /** Starts the daemon; `intervals` in seconds, as in its configuration. */
  start(intervals?: Readonly<Record<string, number>>): Promise<ChildProcess>;
  stop(daemon: ChildProcess): Promise<void>;
  /** The programs that the agent has started so far. */
  programs(): Promise<readonly StartedProgram[]>;
  /** What the agent had in memory at most, in MB, once it has ended. */
  peak(): Promise<number>;
}

/** What the unit tells Node. */
async function shippedNodeOptions(): Promise<string> {
  const [, options] = /^Environment=NODE_OPTIONS=(.+)$/m.exec(await readFile(unit, 'utf8')) ?? [];
  if (options === undefined) throw new Error(`${unit} has no NODE_OPTIONS`);
  return options;
}

export async function openNode(name: string): Promise<BenchNode> {
  const host = await openHost(name);
  const { namespace, path } = host;
  const controlPlane = await serveControlPlane(namespace);
  const relay = await openBirdRelay(path('bird.ctl'), `/proc/${namespace.pid}/root${birdSocket}`);
  const env = {
    ...process.env,
    NO_COLOR: '1',
    BENCH_PROGRAMS: path('programs.log'),
    NODE_OPTIONS: await shippedNodeOptions(),
  };
  const command = ['--require', recorder, main, '-c', path('agent.json'), 'run'];
  const readLog = () => readFile(path('programs.log'), 'utf8').catch(() => '');

  async function configure(intervals?: Readonly<Record<string, number>>): Promise<void> {
    const config = {
      bootstrap: { apiUrl: `http://127.0.0.1:${port}`, nodeName, token },
      stateDir: path('state'),
      bird: { configDir: path('bird'), controlSocket: path('bird.ctl') },
      wireguard: {
        privateKeyPath: path('keys/private.key'),
        publicKeyPath: path('keys/public.key'),
      },
      // No other node is there, which is not what is measured.
      policy: { whenAlone: 'announce' },
      ...(intervals ? { intervals } : {}),
    };
    await writeFile(path('agent.json'), JSON.stringify(config), { mode: 0o600 });
  }

  return {
    ...host,
    controlPlane: controlPlane.state,
    birdCommands: relay.commands,
    addSessions: (rows) => {
      for (const row of rows) controlPlane.state.sessions.set(row.uuid, row);
    },
    once: async () => {
      await configure();
      await rm(path('programs.log'), { force: true });
      return timed(namespace, ['node', ...command, '--once'], env);
    },
    start: async (intervals) => {
      await configure(intervals);
      const daemon = namespace.spawn('node', command, { env, stdio: 'ignore' });
      await untilDaemonAnswers(namespace);
      return daemon;
    },
    stop: (daemon) => end(daemon, 'SIGTERM'),
    programs: async () => parsePrograms(await readLog()),
    peak: async () => (Number(/^peak (\d+)$/m.exec(await readLog())?.[1]) * 1024) / 1e6,
    close: async () => {
      await relay.close();
      await controlPlane.close();
      await host.close();
    },
  };
}
