import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askIfRunning } from '../../src/http/client.js';
import { type Namespace, openNamespace } from '../../src/lab/namespace.js';
import { birdConf } from '../fakes/bootstrap-script.js';
import { until } from '../integration/host/tunnel-host.js';
import { birdc } from './agent-node.js';

// A node as MoeNet's bootstrap script leaves it: its paths, configuration, BIRD, interface and environment.

const port = 18_083;
const token = 'the-key-of-all-agents';
let namespace: Namespace;
let directory: string;
let children: ChildProcess[];

const root = () => `/proc/${namespace.pid}/root`;
const put = (path: string, text: string) => writeFile(root() + path, text, { mode: 0o644 });

beforeEach(async () => {
  children = [];
  namespace = await openNamespace('bootstrap');
  directory = await mkdtemp(join(tmpdir(), 'moenet-bootstrap-'));
  for (const path of ['/opt', '/etc/bird', '/etc/wireguard', '/var/lib'])
    await namespace.run('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', path]);
  await namespace.run('mkdir', [
    '-p',
    '/etc/bird/peers',
    '/etc/bird/ibgp.d',
    '/opt/moenet-agent',
    '/run/bird/run',
  ]);
  await namespace.run('sh', ['-c', 'umask 077; wg genkey > /etc/wireguard/private.key']);
  await namespace.run('sysctl', ['-q', '-w', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
  // This kernel may lack dummy devices; what the agent finds is an interface of that name without its mark.
  await namespace.run('ip', ['link', 'add', 'dummy0', 'type', 'bridge']);
  await namespace.run('ip', ['link', 'set', 'dummy0', 'up']);
  await put('/etc/bird/bird.conf', birdConf);
  await put('/etc/bird/peers/.keep', '');
  await put('/etc/bird/maintenance.conf', 'define MAINTENANCE_MODE = false;\n');
  await put(
    '/etc/bird/blacklist.conf',
    '# A stub\nfunction is_blacklisted() -> bool {\n    return false;\n}\n',
  );
  const bootstrap = { apiUrl: `http://127.0.0.1:${port}`, nodeName: 'jp1', token };
  await put('/opt/moenet-agent/config.json', JSON.stringify({ bootstrap, server: { listen: ':24368' } }));
  await cp('test/fixtures/control-plane/documented', directory, { recursive: true });
  start('bird', ['-f', '-c', '/etc/bird/bird.conf', '-s', '/run/bird/bird.ctl']);
  await until('BIRD answers', async () => (await birdc(namespace, 'show', 'status')).exitCode === 0);
  const server = start('node', [
    resolve('test/e2e/fixture-server.mjs'),
    directory,
    String(port),
    token,
    'moenet-core',
  ]);
  await once(server.stdout ?? server, 'data');
});

afterEach(async () => {
  await Promise.all(children.map(end));
  for (const name of await tunnels()) await namespace.run('ip', ['link', 'del', 'dev', name]);
  await namespace.close();
  await rm(directory, { recursive: true });
});

function start(program: string, args: readonly string[]): ChildProcess {
  const child = namespace.spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function tunnels(): Promise<string[]> {
  return (await namespace.run('wg', ['show', 'interfaces'])).stdout.split(/\s+/).filter(Boolean).sort();
}

/** A directory with the programs that the script installs: no fping, no Node. */
async function installed(): Promise<string> {
  const bin = '/run/bin';
  await namespace.run('mkdir', [bin]);
  for (const program of ['ip', 'wg', 'wireguard-go', 'bird', 'birdc', 'flock', 'sysctl']) {
    const path = execFileSync('which', [program], { encoding: 'utf8' }).trim();
    await namespace.run('ln', ['-s', path, `${bin}/${program}`]);
  }
  return bin;
}

it('a node of the bootstrap script comes up with the configuration, BIRD and programs that the script leaves', async () => {
  // systemd gives a service little more, and the unit of the script gives the program no arguments.
  const env = [`PATH=${await installed()}`, 'LANG=C.UTF-8'];
  const command = [process.execPath, resolve('dist/main.js')];
  const daemon = start('env', ['-i', '-C', '/opt/moenet-agent', ...env, ...command]);
  const log: string[] = [];
  daemon.stdout?.on('data', (data) => log.push(String(data)));
  const status = () => askIfRunning(`${root()}/run/moenet-agent`, 'status', {});
  await until('the first pass has ended', async () => {
    expect(daemon.exitCode, log.join('')).toBeNull();
    return (await status())?.pass.completedSecondsAgo !== undefined;
  });
  expect(await tunnels()).toEqual(['dn42-wg-igp-2', 'wg_24001', 'wg_24002']);
  const { stdout: protocols } = await birdc(namespace, 'show', 'protocols');
  for (const name of ['dn42_4242421080', 'dn42_4242422189', 'ibgp_2', 'moenet_kernel_v4'])
    expect(protocols).toContain(name);
  expect(protocols).not.toContain('kernel1');
  expect(await readFile(`${root()}/etc/bird/bird.conf.orig`, 'utf8')).toBe(birdConf);
  // The bot asks the node over the Internet, IPv4 or IPv6.
  for (const host of ['127.0.0.1', '[::1]']) {
    const script = `fetch('http://${host}:24368/health').then(async (answer) => console.log(answer.status))`;
    expect((await namespace.run(process.execPath, ['-e', script])).stdout.trim()).toMatch(/^(200|503)$/);
  }

  daemon.kill('SIGTERM');
  expect((await once(daemon, 'exit'))[0]).toBe(0);
  expect(await tunnels()).toEqual(['dn42-wg-igp-2', 'wg_24001', 'wg_24002']);
}, 120_000);
