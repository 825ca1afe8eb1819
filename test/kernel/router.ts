import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Run } from '../../src/platform/exec.js';
import type { NodeStatus, ResyncResult } from '../../src/shell/status/status.js';
import { parsePrograms, type StartedProgram } from '../bench/programs.js';
import { connectToMachine } from './connect-to-machine.js';
import type { Connection } from './connection.js';
import { projectInside } from './recipe.js';
import { loadedModules } from './seen.js';
import type { SessionRow } from './sessions.js';

const directory = '/root/node';
const agentLog = `${directory}/agent.log`;
const controlSocket = `${directory}/run/agent.sock`;
const programsLog = `${directory}/programs.log`;
const recorder = `${directory}/record-programs.cjs`;
const port = '18080';
const token = 'a-token-that-must-not-be-seen';
const birdSocket = '/run/bird/bird.ctl';
const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';
const anyExit = Array.from({ length: 256 }, (_, code) => code);

/** An emulated processor needs fifty times as long as a real one, and other programs may have most of that. */
const limitMs = 300_000;
/** A look costs such a processor something, too. */
const pollMs = 1_000;

/** The virtual machine as a router node: BIRD with an operator's configuration, a control plane, and the built agent. */
export interface Router {
  readonly run: Run;
  /** The node's public key. */
  publicKey(): Promise<string>;
  /** Starts the daemon and waits until its first pass is over; `path` has directories that its PATH ends with. */
  startAgent(sessions: readonly SessionRow[], path?: readonly string[]): Promise<NodeStatus>;
  /** The programs that the agent has started so far. */
  programs(): Promise<readonly StartedProgram[]>;
  /** One pass of the daemon with these sessions. */
  pass(sessions: readonly SessionRow[]): Promise<ResyncResult>;
  /** Gives the daemon, once it runs, another loopback interface in its configuration, and lets it read that. */
  useLoopback(name: string): Promise<void>;
  /** Takes away all that was made, and unloads the modules: the next test finds the machine as it was booted. */
  close(): Promise<void>;
}

/** Equips the virtual machine as the node jp1, without sessions. Nothing has loaded the modules of tunnels and loopbacks. */
export async function openRouter(): Promise<Router> {
  const connection = await connectToMachine();
  const { run, start } = connection;
  const pids: number[] = [];
  let agent = 0;
  const succeeds = async (program: string, ...args: readonly string[]) =>
    (await run(program, args, { okExitCodes: anyExit })).exitCode === 0;
  const write = (path: string, text: string) =>
    run('sh', ['-c', 'umask 077; cat > "$1"', 'sh', path], { input: text });
  const answer = (call: string, body: unknown) => write(`${directory}/${call}.json`, JSON.stringify(body));

  // A lab before this may have used them; its namespaces go some time after it.
  await until('the modules are unloaded', () => succeeds('modprobe', '--remove', ...tunnelModules));
  expect([...(await loadedModules(run))].filter((name) => tunnelModules.includes(name))).toEqual([]);
  await run('mkdir', ['-p', `${directory}/bird`]);
  const configure = (part: object) =>
    write(`${directory}/agent.json`, JSON.stringify({ ...configuration, ...part }));
  await configure({});
  const recording = new URL('../bench/record-programs.cjs', import.meta.url);
  await write(recorder, await readFile(recording, 'utf8'));
  await answer('config', node);
  await answer('bird-config', await birdConfig());
  await answer('mesh', { peers: [] });
  const server = [`${projectInside}/test/e2e/fixture-server.mjs`, directory, port, token, 'documented'];
  pids.push(await start('node', server, { log: `${directory}/control-plane.log` }));
  await write(`${directory}/bird/bird.conf`, 'router id 192.0.2.1;\nprotocol device {}\n');
  const bird = ['-f', '-c', `${directory}/bird/bird.conf`, '-s', birdSocket];
  pids.push(await start('bird', bird, { log: `${directory}/bird.log` }));
  await until('the control plane listens', () =>
    succeeds('grep', 'listening', `${directory}/control-plane.log`),
  );
  await until('BIRD answers', () => succeeds('birdc', '-s', birdSocket, 'show', 'status'));

  return {
    run,
    publicKey: async () => (await run('cat', [`${directory}/keys/public.key`])).stdout.trim(),
    startAgent: async (sessions, path = []) => {
      await answer('sessions', { sessions });
      const main = `${projectInside}/dist/main.js`;
      const program = ['--require', recorder, main, '-c', `${directory}/agent.json`, 'run'];
      const env = {
        PATH: [systemPath, ...path].join(':'),
        NO_COLOR: '1',
        BENCH_PROGRAMS: programsLog,
      };
      agent = await start('node', program, { log: agentLog, env });
      pids.push(agent);
      return untilFirstPass(connection);
    },
    programs: async () => parsePrograms((await run('cat', [programsLog])).stdout),
    useLoopback: async (name) => {
      await configure({ loopback: { interface: name } });
      await run('sh', ['-c', 'kill -HUP "$1"', 'sh', String(agent)]);
    },
    pass: async (sessions) => {
      await answer('sessions', { sessions });
      return (await connection.ask(controlSocket, 'POST', '/resync')) as ResyncResult;
    },
    close: async () => {
      await run('sh', ['-c', 'kill -KILL "$@"', 'sh', ...pids.map(String)]);
      await clear(run);
      connection.close();
    },
  };
}

/** No loop gets its second turn within a test: what happens, the test has asked for. */
const intervals = { sessions: 3600, report: 3600, mesh: 3600, birdConfig: 3600, heartbeat: 3600 };

const configuration = {
  bootstrap: { apiUrl: `http://127.0.0.1:${port}`, nodeName: 'jp1', token },
  stateDir: `${directory}/state`,
  runtimeDir: `${directory}/run`,
  bird: { configDir: `${directory}/bird`, controlSocket: birdSocket },
  wireguard: {
    privateKeyPath: `${directory}/keys/private.key`,
    publicKeyPath: `${directory}/keys/public.key`,
  },
  intervals,
};

/** What the control plane says of the node. */
const node = {
  node: {
    id: 1,
    name: 'jp1',
    region: 'ap-northeast',
    asn: 4242420998,
    loopbackIpv4: '172.22.188.1',
    loopbackIpv6: 'fd00:4242:7777:101:1::1',
  },
  wireguard: { persistentKeepaliveInterval: 15 },
  metric: { pingTimeout: 1, pingCount: 1 },
};

/** The fixtures' routing, without what would have to be looked up or dialled. */
async function birdConfig(): Promise<unknown> {
  const file = new URL('../fixtures/control-plane/documented/bird-config.json', import.meta.url);
  const { policy, ...rest } = JSON.parse(await readFile(file, 'utf8'));
  return { ...rest, policy: { ...policy, rpkiServers: [] }, ibgpPeers: [] };
}

const tunnelModules = ['wireguard', 'dummy', 'tun'];

async function untilFirstPass({ ask, run }: Connection): Promise<NodeStatus> {
  const status = () =>
    ask(controlSocket, 'GET', '/status').catch(() => undefined) as Promise<NodeStatus | undefined>;
  let seen: NodeStatus | undefined;
  const over = async () => {
    seen = await status();
    return seen?.lastPass !== undefined;
  };
  await until('the agent’s first pass is over', over).catch(async (error: Error) => {
    throw new Error(`${error.message}:\n${(await run('tail', ['-n', '30', agentLog])).stdout}`);
  });
  return seen as NodeStatus;
}

async function clear(run: Run): Promise<void> {
  const links = JSON.parse((await run('ip', ['-j', '-d', 'link'])).stdout) as readonly {
    readonly ifname: string;
    readonly linkinfo?: { readonly info_kind?: string };
  }[];
  const made = links.filter(({ linkinfo }) => tunnelModules.includes(linkinfo?.info_kind ?? ''));
  const lines = [...made.map(({ ifname }) => `link del dev ${ifname}`), 'addr flush dev lo scope global', ''];
  await run('ip', ['-force', '-batch', '-'], { input: lines.join('\n'), okExitCodes: [1] });
  await run('modprobe', ['--remove', ...tunnelModules]);
  await run('rm', ['-rf', directory]);
}

/** Waits until `holds` says true, at most 300 s. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + limitMs; !(await holds()); await sleep(pollMs))
    if (Date.now() > endMs) throw new Error(`waited ${limitMs / 1000} s until ${what}`);
}
