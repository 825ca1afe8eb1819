import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import { end, type FaultyNode, openFaultyNode } from '../harness/faulty-node.js';
import { newcomer, survives, untilHealthy } from '../harness/trial.js';
import { waitFor } from '../harness/wait-for.js';

const proxyAddress = '172.20.9.1';
const login = 'operator:w0rd-of-the-proxy';

let node: FaultyNode;
let proxyHost: Namespace;
let proxy: ChildProcess;
let directory: string;
const log = () => readFile(join(directory, 'log'), 'utf8');

/** The node's only way out is a host with a proxy, which does not forward packets; the control plane is behind it. */
async function layProxy(inside: Namespace) {
  const control = await openNamespace('control');
  proxyHost = await openNamespace('proxy');
  const batch = (host: Namespace, lines: readonly string[]) =>
    host.run('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` });
  await batch(inside, [
    `link add uplink type veth peer name eth0 netns ${proxyHost.pid}`,
    'address add 198.51.100.1/30 dev uplink',
    'link set uplink up',
    `route add ${proxyAddress}/32 via 198.51.100.2`,
  ]);
  await batch(proxyHost, [
    `link add eth1 type veth peer name eth0 netns ${control.pid}`,
    'address add 198.51.100.2/30 dev eth0',
    'address add 10.99.0.5/24 dev eth1',
    `address add ${proxyAddress}/32 dev lo`,
    'link set eth0 up',
    'link set eth1 up',
  ]);
  await batch(control, ['address add 10.99.0.1/24 dev eth0', 'link set eth0 up']);
  await startProxy();
  return { host: control, address: '10.99.0.1' };
}

async function startProxy(): Promise<void> {
  const args = [
    resolve('test/faults/harness/forward-proxy.mjs'),
    proxyAddress,
    '3128',
    login,
    join(directory, 'log'),
  ];
  proxy = proxyHost.spawn('node', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(proxy.stdout ?? proxy, 'data');
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-proxy-'));
  const daemonEnv = () => ({ https_proxy: `http://${login}@${proxyAddress}:3128`, no_proxy: '127.0.0.1' });
  node = await openFaultyNode('proxied', 1, { elsewhere: layProxy, daemonEnv });
  await untilHealthy(node);
}, 120_000);
afterAll(async () => {
  if (proxy) await end(proxy);
  await node?.close();
  await proxyHost?.close();
  await rm(directory, { recursive: true });
});

describe('a control plane behind a proxy', () => {
  it('is asked through it, in tunnels that it cannot look into', async () => {
    const lines = (await log()).trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('CONNECT 10.99.0.1:18443 '))).toEqual([]);
    expect(lines.join()).not.toContain('a-token-that-must-not-be-seen');
    const { notes } = await node.status();
    expect(notes).toContain(
      `the agent asks the control plane through the proxy ${proxyAddress}:3128 (https_proxy)`,
    );
  });

  it('and the password for it are known to the agent, and to no program that it starts', async () => {
    const { stdout } = await node.namespace.run('pgrep', ['-f', 'wireguard-go wg_24001']);
    const environment = await readFile(`/proc/${stdout.trim().split('\n')[0]}/environ`, 'utf8');
    expect(environment).toContain('PATH=');
    expect(environment).not.toMatch(/proxy/i);
    expect(JSON.stringify([node.log, await node.status()])).not.toContain('w0rd-of-the-proxy');
  });

  it('is out of reach while the proxy is down, which is named', async ({ task }) => {
    task.meta.finding = await survives(node, {
      named: new RegExp(`the proxy ${proxyAddress}:3128 refuses the connection`),
      inject: () => end(proxy),
      end: startProxy,
    });
  });

  it('is what no neighbor may have the way to: neither its address nor routes to it', async () => {
    const policy = await readFile(node.path('bird/moenet-agent/policy.conf'), 'utf8');
    expect(policy).toMatch(/172\.20\.9\.1\/32- +# proxy to the control plane/);
    const sessions = await node.sessions();
    await node.setSessions([...sessions, { ...newcomer, ipv4: proxyAddress }]);
    const isRefused = async () =>
      (await node.status()).problems.some((problem) =>
        problem.includes(`${proxyAddress} is the proxy to the control plane, not the neighbor's`),
      );
    await waitFor('the neighbor with its address is refused', isRefused);
    await node.setSessions(sessions);
    await waitFor('the neighbor is gone', async () => !(await isRefused()));
  });
});
