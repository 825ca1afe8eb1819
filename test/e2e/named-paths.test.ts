import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AgentNode, openAgentNode } from './agent-node.js';
import { askRunning, untilFirstPass } from './ask-daemon.js';

// A control plane that names files of the machine as the node's own.

let node: AgentNode;
const path = (name: string) => join(node.directory, name);
const onNode = (file: string) => `/proc/${node.namespace.pid}/root${file}`;

beforeEach(async () => {
  node = await openAgentNode('jp1');
  for (const directory of ['/etc/wireguard', '/etc/bird'])
    await node.namespace.run('mount', ['-t', 'tmpfs', '-o', 'mode=700', 'tmpfs', directory]);
  await configure({});
});
afterEach(() => node.close());

/** The operator's file says nothing of WireGuard's keys. */
async function configure(more: object): Promise<void> {
  const { wireguard, ...config } = JSON.parse(await readFile(path('agent.json'), 'utf8'));
  await writeFile(path('agent.json'), JSON.stringify({ ...config, ...more }));
}

async function answerConfig(parts: object): Promise<void> {
  const config = JSON.parse(await readFile(path('config.json'), 'utf8'));
  await node.answer('config', { ...config, ...parts });
}

const status = () => askRunning(node.namespace, 'status', {});

it('has them neither read nor written, and the node works with its usual files', async () => {
  const precious = onNode('/etc/bird/precious');
  await writeFile(precious, 'precious\n', { mode: 0o600 });
  await node.namespace.run('mkfifo', ['/run/fifo']);
  await answerConfig({
    wireguard: { privateKeyPath: '/run/fifo', publicKeyPath: '/etc/bird/precious' },
    bird: { controlSocket: '/run/docker.sock', peerConfDir: '/etc/../root/peers' },
  });
  await node.start();
  await untilFirstPass(node.namespace);
  const { notes = [], problems, sessions } = await status();
  expect(notes.map((note) => note.split(':')[0])).toEqual([
    'bird.controlSocket',
    'wireguard.privateKeyPath',
    'wireguard.publicKeyPath',
    // The values of these answers are not DN42's.
    'communities',
    'communities',
  ]);
  expect(problems.join()).not.toContain('precious');
  expect(sessions.length).toBeGreaterThan(0);
  expect((await stat(precious)).mode & 0o777).toBe(0o600);
  expect(await readFile(precious, 'utf8')).toBe('precious\n');
  expect((await readdir(onNode('/etc/wireguard'))).sort()).toEqual(['private.key', 'public.key']);
});

it('has a path inside /etc/wireguard taken, but no file there replaced', async () => {
  const peers = onNode('/etc/wireguard/wg0.conf');
  await writeFile(peers, '[Interface]\n', { mode: 0o640 });
  await answerConfig({
    wireguard: { privateKeyPath: '/etc/wireguard/node.key', publicKeyPath: '/etc/wireguard/wg0.conf' },
  });
  const { stderr } = await node.agent('run', '--once');
  expect(stderr).toContain('the agent does not write the public key to /etc/wireguard/wg0.conf');
  expect((await readdir(onNode('/etc/wireguard'))).sort()).toEqual(['node.key', 'wg0.conf']);
  expect([await readFile(peers, 'utf8'), (await stat(peers)).mode & 0o777]).toEqual(['[Interface]\n', 0o640]);
  expect((await node.updates()).map(({ uuid, status }) => [uuid, status])).toContainEqual([
    'abc-123',
    'active',
  ]);
});

it('the operator’s own private key that is a device fails tunnels at once, and nothing else', async () => {
  await configure({ wireguard: { privateKeyPath: '/dev/zero', publicKeyPath: '/etc/wireguard/public.key' } });
  const { stderr, stdout } = await node.agent('run', '--once');
  expect(stderr).toContain(
    '/dev/zero (wireguard.privateKeyPath) cannot be used: it is a device, not a regular file',
  );
  expect(stdout).toContain('reload BIRD');
  expect(await node.updates()).toContainEqual(
    expect.objectContaining({
      uuid: 'abc-124',
      status: 'error',
      error: expect.stringContaining('/dev/zero'),
    }),
  );
});
