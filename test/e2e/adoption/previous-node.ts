import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import { writeFileAtomic } from '../../../src/platform/atomic-file.js';
import type { RunResult } from '../../../src/platform/exec.js';
import { BirdTime } from '../../bird-times.js';
import { bgpConnections } from '../../integration/bird/routers/bgp-connections.js';
import { untilDaemonAnswers } from '../ask-daemon.js';
import { dialect, statusWord } from '../dialect.js';
import { previousAnswers } from './previous-answers.js';
import * as files from './previous-files.js';
import {
  closeNeighbor,
  closings,
  end,
  establishedSince,
  makeTunnel,
  type Neighbor,
  openNeighbor,
  type RunningNeighbor,
  untilEstablished,
  write,
} from './previous-neighbors.js';

const token = 'a-token-that-must-not-be-seen';
const port = 18_080;
const anyExit = Array.from({ length: 256 }, (_, code) => code);
const socket = '/run/bird/run/bird.ctl';

/** What shows whether a session went on: connection and times on both sides. */
interface Uptime {
  readonly connections: Readonly<Record<string, string>>;
  /** Since when the neighbors' sessions are Established. */
  readonly there: Readonly<Record<string, BirdTime>>;
  readonly closings: Readonly<Record<string, number>>;
}

/** A router node as the previous agents left it, its neighbors, and a control plane that knows them. */
export interface PreviousNode {
  readonly namespace: Namespace;
  readonly neighbors: readonly RunningNeighbor[];
  uptime(): Promise<Uptime>;
  connections(): Promise<Uptime['connections']>;
  /** Pings all neighbors over their tunnels; the answer is what was lost until it was asked for. */
  startPings(): () => Promise<Readonly<Record<string, number>>>;
  agent(...args: string[]): Promise<RunResult>;
  start(): Promise<void>;
  /** Ends the daemon, and waits until it is gone. */
  stop(): Promise<void>;
  /** Ends the daemon and starts it again; without its state, as if the directory had been lost meanwhile. */
  restart(options?: { readonly withoutState: boolean }): Promise<void>;
  /** A file of the node. */
  file(path: string): Promise<string>;
  put(path: string, text: string): Promise<void>;
  birdc(...words: string[]): Promise<string>;
  /** What the control plane lists at first. */
  readonly sessions: readonly Readonly<Record<string, unknown>>[];
  answer(call: string, body: unknown): Promise<void>;
  /** What the control plane was told of the sessions: `session-1 active`. */
  updates(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface PreviousNodeOptions {
  readonly external: readonly (Neighbor & { readonly asn: number; readonly file: string })[];
  readonly internal: readonly (Neighbor & { readonly nodeId: number })[];
  readonly maintenance?: boolean;
}

/** What a test leaves behind, to be ended also where the node did not come up. */
interface Remains {
  readonly namespace: Namespace;
  readonly directory: string;
  readonly children: ChildProcess[];
  readonly neighbors: RunningNeighbor[];
}

export async function openPreviousNode(options: PreviousNodeOptions): Promise<PreviousNode> {
  const remains: Remains = {
    namespace: await openNamespace('jp1'),
    directory: await mkdtemp(join(tmpdir(), 'moenet-previous-')),
    children: [],
    neighbors: [],
  };
  try {
    return await makePreviousNode(options, remains);
  } catch (error) {
    await close(remains);
    throw error;
  }
}

async function close({ namespace, directory, children, neighbors }: Remains): Promise<void> {
  await Promise.all(children.map(end));
  const { stdout } = await namespace.run('wg', ['show', 'interfaces']);
  for (const name of stdout.split(/\s+/).filter(Boolean)) await namespace.run('ip', ['link', 'del', name]);
  await Promise.all(neighbors.map(closeNeighbor));
  await namespace.close();
  await rm(directory, { recursive: true });
}

async function makePreviousNode(options: PreviousNodeOptions, remains: Remains): Promise<PreviousNode> {
  const { namespace, directory, children, neighbors } = remains;
  for (const path of ['/opt', '/etc/bird', '/etc/wireguard', '/var/lib'])
    await namespace.run('mount', ['-t', 'tmpfs', 'tmpfs', path]);
  await namespace.run('mkdir', [
    '-p',
    '/run/bird/run',
    '/etc/bird/peers',
    '/etc/bird/ibgp.d',
    '/opt/moenet-agent',
  ]);
  const put = (path: string, text: string) => write(namespace, path, text);
  for (const address of [`${files.loopbackIpv4}/32`, `${files.loopbackIpv6}/128`])
    await namespace.run('ip', ['addr', 'add', address, 'dev', 'lo']);
  await namespace.run('sh', ['-c', 'umask 077; wg genkey > /etc/wireguard/private.key']);
  const nodeKey = (await namespace.run('sh', ['-c', 'wg pubkey < /etc/wireguard/private.key'])).stdout.trim();

  for (const neighbor of [...options.external, ...options.internal])
    await connect(neighbor, nodeKey, remains);
  await writeBird(options, put);
  await put(
    '/opt/moenet-agent/config.json',
    JSON.stringify({
      bootstrap: { apiUrl: `http://127.0.0.1:${port}`, nodeName: 'jp1', token },
      server: { listen: ':24368' },
    }),
  );
  const answer = (call: string, body: unknown) =>
    writeFileAtomic(join(directory, `${call}.json`), JSON.stringify(body), { mode: 0o644 });
  const answers = previousAnswers(options, neighbors);
  for (const [call, body] of Object.entries(answers)) await answer(call, body);
  children.push(
    namespace.spawn('bird', ['-f', '-c', '/etc/bird/bird.conf', '-s', socket], { stdio: 'ignore' }),
  );
  const server = namespace.spawn(
    'node',
    [resolve('test/e2e/fixture-server.mjs'), directory, String(port), token, dialect],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(server);
  await once(server.stdout ?? server, 'data');
  await Promise.all(neighbors.map(untilEstablished));

  const main = resolve('dist/main.js');
  const env = { NO_COLOR: '1' };
  let daemon: ChildProcess | undefined;
  const node: PreviousNode = {
    namespace,
    neighbors,
    uptime: () => uptimeOf(namespace, neighbors),
    connections: async () => Object.fromEntries(await bgpConnections(namespace)),
    startPings: () => startPings(namespace, neighbors, children),
    agent: (...args) =>
      namespace.run('node', [main, ...args], { env, okExitCodes: anyExit, timeoutMs: 120_000 }),
    start: async () => {
      daemon = namespace.spawn('node', [main], {
        cwd: '/',
        env: { ...process.env, ...env },
        stdio: ['ignore', 'ignore', 'ignore'],
      });
      children.push(daemon);
      await untilDaemonAnswers(namespace);
    },
    stop: async () => {
      daemon?.kill('SIGTERM');
      if (daemon) await once(daemon, 'exit');
    },
    restart: async ({ withoutState } = { withoutState: false }) => {
      await node.stop();
      if (withoutState) await namespace.run('rm', ['-r', '/var/lib/moenet-agent']);
      await node.start();
    },
    file: (path) => readFile(`/proc/${namespace.pid}/root${path}`, 'utf8'),
    put,
    birdc: async (...words) =>
      (await namespace.run('birdc', ['-s', socket, ...words], { okExitCodes: anyExit })).stdout,
    sessions: answers.sessions.sessions,
    answer,
    updates: async () => {
      const text = await readFile(join(directory, 'posts.jsonl'), 'utf8').catch(() => '');
      const posts = text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      return posts
        .filter(({ call }) => call === 'modify')
        .map(({ body }) => `${body.uuid ?? body.peer_id} ${statusWord(body.status)}`);
    },
    close: () => close(remains),
  };
  return node;
}

async function connect(neighbor: Neighbor, nodeKey: string, remains: Remains): Promise<void> {
  const { namespace, neighbors, children } = remains;
  const running = await openNeighbor(neighbor, namespace, nodeKey, children);
  neighbors.push(running);
  await makeTunnel(namespace, {
    name: neighbor.interface,
    port: neighbor.port,
    peer: running.publicKey,
    endpoint: `${neighbor.network}.2:51820`,
    addresses: [`${neighbor.ours}/64`],
    allowedIps: 'fe80::/10,ff00::/8,172.16.0.0/12,10.0.0.0/8,fd00::/8',
    keyFile: '/etc/wireguard/private.key',
  });
}

async function writeBird(
  { external, internal, maintenance = false }: PreviousNodeOptions,
  put: PreviousNode['put'],
): Promise<void> {
  await put('/etc/bird/bird.conf', files.birdConf);
  await put('/etc/bird/babel.conf', files.babelConf);
  await put('/etc/bird/maintenance.conf', files.maintenanceConf(maintenance));
  await put('/etc/bird/blacklist.conf', files.blacklistConf);
  for (const each of external) await put(`/etc/bird/peers/${each.protocol}.conf`, each.file);
  for (const each of internal)
    await put(`/etc/bird/ibgp.d/ibgp_${each.nodeId}.conf`, files.ibgp(each, each.nodeId));
}

async function uptimeOf(namespace: Namespace, neighbors: readonly RunningNeighbor[]): Promise<Uptime> {
  const each = async <T>(look: (neighbor: RunningNeighbor) => Promise<T>) =>
    Object.fromEntries(await Promise.all(neighbors.map(async (one) => [one.id, await look(one)] as const)));
  return {
    connections: Object.fromEntries(await bgpConnections(namespace)),
    there: await each(async (neighbor) => new BirdTime(await establishedSince(neighbor))),
    closings: await each(closings),
  };
}

function startPings(namespace: Namespace, neighbors: readonly RunningNeighbor[], children: ChildProcess[]) {
  const running = neighbors.map(({ id, theirs, interface: name }) => {
    const child = namespace.spawn('ping', ['-n', '-i', '0.2', `${theirs}%${name}`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    const chunks: string[] = [];
    child.stdout?.on('data', (chunk) => chunks.push(String(chunk)));
    return { id, child, chunks };
  });
  return async () => {
    const lost = running.map(async ({ id, child, chunks }) => {
      child.kill('SIGINT');
      await once(child, 'exit');
      const answered = [...chunks.join('').matchAll(/icmp_seq=(\d+)/g)].map((match) => Number(match[1]));
      // The last one may be on its way.
      return [id, Math.max(0, ...answered) - answered.length] as const;
    });
    return Object.fromEntries(await Promise.all(lost));
  };
}
