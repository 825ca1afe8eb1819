import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { until } from '../integration/host/tunnel-host.js';
import { type AgentNode, birdc } from './agent-node.js';
import { untilDaemonAnswers } from './ask-daemon.js';
import { openCaller } from './local-api/caller.js';
import { it } from './with-node.js';

const metricsToken = 'only-for-metrics-4c1d';
const outside = '198.51.100.1';

/** Changes the section `server` of the node's file. */
async function serverOf(node: AgentNode, server: Record<string, unknown>): Promise<void> {
  const file = join(node.directory, 'agent.json');
  const config = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...config, server }), { mode: 0o600 });
}

/** The statuses of `/metrics` at the addresses, with a token or without. */
async function statuses(node: AgentNode, hosts: readonly string[], token = ''): Promise<readonly number[]> {
  const caller = openCaller(node.namespace);
  const found: number[] = [];
  for (const host of hosts) {
    const authorization = token === '' ? '' : `Bearer ${token}`;
    const request = { method: 'GET', url: `http://${host}/metrics`, authorization, body: undefined };
    found.push((await caller.call(request)).status);
  }
  await caller.close();
  return found;
}

describe('the HTTP API', () => {
  it('listens on each address of a list but those that it cannot have, and gives metrics for their own token', async ({
    node,
  }) => {
    await node.namespace.run('ip', ['addr', 'add', `${outside}/32`, 'dev', 'lo']);
    await writeFile(join(node.directory, 'metrics-token'), `${metricsToken}\n`, { mode: 0o600 });
    const hosts = ['127.0.0.1:24368', '[::1]:24369', `${outside}:24368`];
    await serverOf(node, {
      listen: [...hosts, '203.0.113.9:24368'],
      metricsTokenFile: 'metrics-token',
      metrics: 'open-on-loopback',
    });
    await node.start();
    expect(await statuses(node, hosts)).toEqual([200, 200, 401]);
    expect(await statuses(node, hosts, metricsToken)).toEqual([200, 200, 200]);
    const { problems } = JSON.parse((await node.agent('status', '--json')).stdout);
    expect(problems).toContain(
      'local HTTP: cannot listen on 203.0.113.9:24368: this machine does not have that address; set server.listen to one it has',
    );
  });

  it('answers on the sockets that systemd opened, also after the agent read its configuration again', async ({
    node,
    onTestFinished,
  }) => {
    await serverOf(node, { listen: '127.0.0.1:24370' });
    const hosts = ['127.0.0.1:24368', '127.0.0.1:24369'];
    const daemon = startActivated(node, [24_368, 24_369]);
    onTestFinished(() => void daemon.kill('SIGKILL'));
    await untilDaemonAnswers(node.namespace);
    expect(await statuses(node, hosts, node.token)).toEqual([200, 200]);
    expect(await statuses(node, hosts)).toEqual([401, 401]);
    expect((await node.namespace.run('ss', ['-Hltn', 'sport = :24370'])).stdout).toBe('');

    await until('a tunnel is there', async () => (await wireguardGo(node)).length > 0);
    for (const pid of await wireguardGo(node)) expect(await inheritedSockets(pid, daemon.pid)).toEqual([]);

    // Another token: what answers now has read the new file.
    const other = 'another-for-metrics-77';
    await writeFile(join(node.directory, 'metrics-token'), other, { mode: 0o600 });
    await serverOf(node, { metricsTokenFile: 'metrics-token' });
    daemon.kill('SIGHUP');
    await until('the agent answers by its new configuration', async () => {
      const all = await statuses(node, hosts, other);
      return all.every((status) => status === 200);
    });

    const ended = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect((await birdc(node.namespace, 'show status')).exitCode).toBe(0);
  });
});

/** The daemon with listening sockets from 3 on, as systemd gives them to it: by a process that becomes the agent. */
function startActivated(node: AgentNode, ports: readonly number[]): ChildProcess {
  const script = [
    '$^F = 9;',
    'for (split /,/, shift) {',
    'my $s; socket($s, PF_INET, SOCK_STREAM, 0) && setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1) or die $!;',
    'bind($s, sockaddr_in($_, INADDR_LOOPBACK)) && listen($s, 16) or die $!;',
    'push @sockets, $s; }',
    'die "descriptor " . fileno $sockets[0] if fileno $sockets[0] != 3;',
    '$ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = @sockets; exec @ARGV or die $!;',
  ].join('\n');
  const agent = ['node', resolve('dist/main.js'), '-c', join(node.directory, 'agent.json'), 'run'];
  return node.namespace.spawn('perl', ['-MSocket', '-e', script, ports.join(','), ...agent], {
    stdio: 'ignore',
  });
}

/** The processes of the node's tunnels. */
async function wireguardGo({ namespace }: AgentNode): Promise<readonly string[]> {
  const { stdout } = await namespace.run('pgrep', ['-x', 'wireguard-go'], { okExitCodes: [1] });
  const own = await readlink(`/proc/${namespace.pid}/ns/net`);
  const all = stdout.split('\n').filter(Boolean);
  const found = await Promise.all(
    all.map(async (pid) => (await readlink(`/proc/${pid}/ns/net`).catch(() => '')) === own),
  );
  return all.filter((_, index) => found[index]);
}

/** The listening sockets 3 and 4 of `daemon` that the process has, too. */
async function inheritedSockets(pid: string, daemon: number | undefined): Promise<readonly string[]> {
  const wanted = await Promise.all([3, 4].map((fd) => readlink(`/proc/${daemon}/fd/${fd}`)));
  expect(wanted.every((name) => name.startsWith('socket:'))).toBe(true);
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const names = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  return names.filter((name) => wanted.includes(name));
}
