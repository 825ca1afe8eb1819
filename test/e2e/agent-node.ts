import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Namespace, openNamespace } from '../../src/lab/namespace.js';
import { writeFileAtomic } from '../../src/platform/atomic-file.js';
import type { RunResult } from '../../src/platform/exec.js';
import type { ResyncResult } from '../../src/shell/status/status.js';
import { until } from '../integration/host/tunnel-host.js';
import { resync, untilDaemonAnswers } from './ask-daemon.js';
import { dialect, statusWord } from './dialect.js';

const token = 'a-token-that-must-not-be-seen';
const port = 18_080;
const anyExit = Array.from({ length: 256 }, (_, code) => code);

/** What the agent told the control plane: the call, and the body. */
interface Post {
  readonly call: string;
  readonly body: Record<string, unknown>;
}

/** A router node in a namespace: a BIRD with an operator's configuration, the fixtures' control plane, and the built agent. */
export interface AgentNode {
  readonly namespace: Namespace;
  readonly directory: string;
  readonly token: string;
  /** Runs the agent to its end. */
  agent(...args: string[]): Promise<RunResult>;
  /** Makes the daemon fetch and reconcile now. */
  resync(): Promise<ResyncResult>;
  /** Starts the daemon; resolves when it answers on its control socket. */
  start(): Promise<ChildProcess>;
  posts(): Promise<readonly Post[]>;
  /** The session updates among the posts, their status in words. */
  updates(): Promise<readonly Record<string, unknown>[]>;
  /** Replaces an answer of the control plane; `body` is in the documented dialect. */
  answer(call: string, body: unknown): Promise<void>;
  startBird(): Promise<void>;
  stopBird(): Promise<void>;
  /** Programs that were run since this was asked last, in order. */
  commands(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openAgentNode(name: string): Promise<AgentNode> {
  const namespace = await openNamespace(name);
  // A router forwards: its operator has switched that on.
  const forwarding = ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'];
  await namespace.run('sysctl', ['-q', '-w', ...forwarding]);
  const directory = await mkdtemp(join(tmpdir(), 'moenet-e2e-'));
  const path = (file: string) => join(directory, file);
  const children: ChildProcess[] = [];
  const main = resolve('dist/main.js');
  let bird: ChildProcess | undefined;

  await cp('test/fixtures/control-plane/documented', directory, { recursive: true });
  await answerQuickly(path('config.json'));
  await mkdir(path('bird'));
  await writeFile(path('bird/bird.conf'), 'router id 192.0.2.1;\nprotocol device {}\n');
  await writeFile(path('agent.json'), JSON.stringify(configOf(directory)), { mode: 0o600 });
  await countCommands(path('bin'), path('commands.log'));
  const env = { PATH: `${path('bin')}:${process.env['PATH']}`, NO_COLOR: '1' };
  const args = (rest: readonly string[]) => [main, '-c', path('agent.json'), ...rest];

  function spawn(program: string, programArgs: readonly string[]): ChildProcess {
    const child = namespace.spawn(program, programArgs, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    return child;
  }

  const fixtureServer = resolve('test/e2e/fixture-server.mjs');
  const server = spawn('node', [fixtureServer, directory, String(port), token, dialect]);
  await once(server.stdout ?? server, 'data');

  const node: AgentNode = {
    namespace,
    directory,
    token,
    agent: (...rest) => namespace.run('node', args(rest), { env, okExitCodes: anyExit, timeoutMs: 60_000 }),
    resync: () => resync(namespace),
    start: async () => {
      const daemon = spawn('node', args(['run']));
      await untilDaemonAnswers(namespace);
      return daemon;
    },
    posts: async () => {
      const text = await readFile(path('posts.jsonl'), 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Post);
    },
    updates: async () => {
      const modifies = (await node.posts()).filter(({ call }) => call === 'modify');
      return modifies.map(({ body: { lastError, ...body } }) => ({
        ...body,
        status: statusWord(body['status']),
        ...(lastError === undefined ? {} : { error: lastError }),
      }));
    },
    answer: (call, body) => writeFileAtomic(path(`${call}.json`), JSON.stringify(body), { mode: 0o644 }),
    startBird: async () => {
      bird = spawn('bird', ['-f', '-c', path('bird/bird.conf'), '-s', '/run/bird/bird.ctl']);
      await until('BIRD answers', async () => (await birdc(namespace, 'show status')).exitCode === 0);
    },
    stopBird: async () => {
      if (bird) await end(bird);
    },
    commands: async () => {
      const text = await readFile(path('commands.log'), 'utf8').catch(() => '');
      await rm(path('commands.log'), { force: true });
      return text.split('\n').filter(Boolean);
    },
    close: async () => {
      await Promise.all(children.map(end));
      for (const link of await tunnels(namespace)) await namespace.run('ip', ['link', 'del', 'dev', link]);
      await namespace.close();
      await rm(directory, { recursive: true });
    },
  };
  await node.startBird();
  return node;
}

/** birdc's own exit code says nothing of the answer, but whether there was one. */
export function birdc(namespace: Namespace, ...words: string[]): Promise<RunResult> {
  return namespace.run('birdc', ['-s', '/run/bird/bird.ctl', ...words], { okExitCodes: anyExit });
}

function configOf(directory: string) {
  return {
    bootstrap: { apiUrl: `http://127.0.0.1:${port}`, nodeName: 'jp1', token },
    stateDir: join(directory, 'state'),
    bird: { configDir: join(directory, 'bird') },
    wireguard: {
      privateKeyPath: join(directory, 'keys/private.key'),
      publicKeyPath: join(directory, 'keys/public.key'),
    },
    // No other node is there: what the node does about that after half a minute would come in the middle of a test.
    policy: { whenAlone: 'announce' },
    intervals: { look: 600, sessions: 600, mesh: 600, birdConfig: 600, heartbeat: 600 },
  };
}

/** Neighbors that are not there must not hold each report up for long. */
async function answerQuickly(file: string): Promise<void> {
  const config = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...config, metric: { pingTimeout: 1, pingCount: 1 } }));
}

/** Puts a stand-in before each program that writes its name down and becomes the real one. */
async function countCommands(bin: string, log: string): Promise<void> {
  await mkdir(bin);
  for (const program of ['ip', 'wg', 'wireguard-go', 'fping', 'bird']) {
    const lines = [
      '#!/bin/sh',
      `echo ${program} "$1" >> ${log}`,
      `PATH="\${PATH#*:}"`,
      `exec ${program} "$@"`,
    ];
    await writeFile(join(bin, program), `${lines.join('\n')}\n`);
    await chmod(join(bin, program), 0o755);
  }
}

/** They keep their wireguard-go processes, and those the namespace. */
async function tunnels(namespace: Namespace): Promise<string[]> {
  return (await namespace.run('wg', ['show', 'interfaces'])).stdout.split(/\s+/).filter(Boolean);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
