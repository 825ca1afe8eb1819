import type { ChildProcess } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { askIfRunning } from '../../../src/http/client.js';
import { emptyNode } from '../harness/empty-node.js';
import { end, type FaultyNode, type ListedSession, openFaultyNode } from '../harness/faulty-node.js';
import { waitFor } from '../harness/wait-for.js';

/** A node whose agent is ended again and again, and does nothing unless it is asked. */
export interface KillNode {
  readonly node: FaultyNode;
  /** Starts the daemon and does not wait for anything. `die`: where it is to (die-at.mjs). */
  launch(die?: string): Promise<void>;
  /** As `launch`, and resolves when the first round is over, or the daemon dead. */
  start(die?: string): Promise<void>;
  /** Ends the daemon at once. */
  kill(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Waits for the daemon's end; its exit code, null where a signal ended it. */
  exited(): Promise<number | null>;
  /** What the daemon has logged since its start. */
  log(): string;
  /** Has the running daemon die at its next effects. */
  arm(die: string): Promise<void>;
  isAlive(): boolean;
  /** Has the daemon make a pass; false where it dies. */
  survivesResync(): Promise<boolean>;
  /** The effect that the daemon was at, of those since it was armed or started. */
  lastStep(): Promise<string>;
  /** What the daemon has logged since its start that is no information. */
  complaints(): readonly string[];
  /** Ends the agent and takes away all that it has made: the node is as new. */
  empty(): Promise<void>;
}

// In include mode the operator's own protocols live beside the agent's.
const birdConf = `router id 192.0.2.1;
protocol device { }
protocol kernel { ipv4 { import none; export none; }; }
protocol kernel { ipv6 { import none; export none; }; }
protocol static operators_own { ipv4; route 192.0.2.128/25 unreachable; }
include "moenet-agent*.conf";
`;

const intervals = { sessions: 3600, report: 3600, mesh: 3600, birdConfig: 3600, heartbeat: 3600 };

/**
 * Opens a node with things of others' on it: a link, a WireGuard interface, a BIRD file and a protocol. `ofEachKind`: how
 * many effects of one kind are counted (die-at.mjs).
 */
export async function openKillNode(
  name: string,
  sessions: readonly ListedSession[],
  ofEachKind = 2,
): Promise<KillNode> {
  const node = await openFaultyNode(name, 3600, { birdConf, daemon: false });
  const { namespace, path } = node;
  const inside = namespace.run;
  await node.setSessions(sessions);
  await inside('wireguard-go', ['wg_foreign']);
  await inside('wg', ['set', 'wg_foreign', 'listen-port', '29999']);
  const config = JSON.parse(await readFile(path('agent.json'), 'utf8'));
  const bird = { ...config.bird, mode: 'include' };
  await writeFile(path('agent.json'), JSON.stringify({ ...config, bird, intervals }), { mode: 0o600 });
  const mesh = JSON.parse(await readFile(path('mesh.json'), 'utf8'));
  const peers = mesh.peers.map((peer: object) => ({ ...peer, endpoint: '192.0.2.60:51821' }));
  await writeFile(path('mesh.json'), JSON.stringify({ ...mesh, peers }));
  // Nobody answers here; the real one would take seconds to find that out.
  await writeFile(path('bin/fping'), '#!/bin/sh\nexec cat >/dev/null\n', { mode: 0o755 });
  let daemon: ChildProcess | undefined;
  let log = '';

  async function launch(die = ''): Promise<void> {
    await Promise.all([
      rm(path('die.steps'), { force: true }),
      rm(path('posts.jsonl'), { force: true }),
      daemon && end(daemon),
    ]);
    const preload = `--import=${resolve('test/faults/kill/die-at.mjs')}`;
    const env = {
      NODE_OPTIONS: preload,
      MOENET_DIE: die,
      MOENET_DIE_FILE: path('die'),
      MOENET_DIE_EACH: String(ofEachKind),
    };
    daemon = node.spawn('node', [resolve('dist/main.js'), '-c', path('agent.json'), 'run'], env);
    log = '';
    daemon.stderr?.on('data', (text) => {
      log += text;
    });
  }

  return {
    node,
    launch,
    start: async (die = '') => {
      await launch(die);
      await waitFor('the first round is over', () => isOver(node, daemon), 60_000);
    },
    arm: async (die) => {
      await rm(path('die.steps'), { force: true });
      await writeFile(path('die.at'), die);
      daemon?.kill('SIGUSR2');
    },
    kill: async () => {
      if (daemon) await end(daemon);
    },
    isAlive: () => !isDead(daemon),
    signal: (name) => {
      daemon?.kill(name);
    },
    exited: async () => {
      await waitFor('the daemon has ended', async () => isDead(daemon), 90_000);
      return daemon?.exitCode ?? null;
    },
    log: () => log,
    survivesResync: async () => {
      const result = await askIfRunning(path('run'), 'resync', { force: false }).catch(() => undefined);
      if (result === undefined) await waitFor('the daemon is dead', async () => isDead(daemon));
      return result !== undefined;
    },
    lastStep: async () => (await readFile(path('die.steps'), 'utf8')).trim().split('\n').at(-1) ?? '',
    complaints: () =>
      log.split('\n').filter((line) => line !== '' && !line.includes('"level":"info"') && !isOfCaches(line)),
    empty: async () => {
      if (daemon) await end(daemon);
      await emptyNode(node);
    },
  };
}

/** The caches of the fixtures have names that nobody resolves here. */
function isOfCaches(line: string): boolean {
  return line.includes('"msg":"RPKI');
}

function isDead(daemon: ChildProcess | undefined): boolean {
  return !daemon || daemon.exitCode !== null || daemon.signalCode !== null;
}

/** The first round ends with the first report, or with the daemon. */
async function isOver(node: FaultyNode, daemon: ChildProcess | undefined): Promise<boolean> {
  if (isDead(daemon)) return true;
  const posts = await readFile(node.path('posts.jsonl'), 'utf8').catch(() => '');
  return posts.includes('"call":"report"');
}
