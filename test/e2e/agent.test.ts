import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { until } from '../integration/host/tunnel-host.js';
import { type AgentNode, birdc } from './agent-node.js';
import { untilDaemonAnswers } from './ask-daemon.js';
import { protocols, warningsIn, wgInterfaces } from './seen-on-node.js';
import { it } from './with-node.js';

describe.concurrent('run --once', () => {
  it('does nothing the second time, with the same constant number of commands each time', async ({
    node,
  }) => {
    await node.agent('run', '--once');
    await node.commands();
    const rounds = [];
    for (const _ of [1, 2]) {
      expect((await node.agent('run', '--once')).stdout).toContain('nothing to change');
      rounds.push([...(await node.commands())].sort());
    }
    expect(rounds[0]).toEqual(rounds[1]);
    expect(rounds[0]?.filter((command) => /^(ip|wg show)/.test(command))).toHaveLength(2);
    expect(await node.updates()).toHaveLength(2);
  });
});

describe.concurrent('the daemon', () => {
  it('leaves off what was disabled by hand, and says how to have it back', async ({ node }) => {
    await node.start();
    await until('the first pass is over', async () => (await node.updates()).length === 2);
    await birdc(node.namespace, 'disable', 'dn42_4242422189');
    const { stdout, exitCode } = await node.agent('resync');
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('enable BIRD protocol');
    const plan = await node.agent('plan');
    expect(plan.exitCode).toBe(0);
    expect(plan.stdout).toMatch(
      /session abc-124 \(AS4242422189\): disabled by hand .* dn42_4242422189 stays off until: moenet-agent enable wg_24002/,
    );
  });

  it('leaves everything up when it is stopped, and exits with 0', async ({ node }) => {
    const daemon = await node.start();
    await until('the first pass is over', async () => (await node.updates()).length === 2);
    daemon.kill('SIGTERM');
    await once(daemon, 'exit');
    expect(daemon.exitCode).toBe(0);
    expect(await wgInterfaces(node)).toEqual(['dn42-wg-igp-2', 'wg_24001', 'wg_24002']);
    expect(await protocols(node)).toHaveLength(3);
    expect((await node.agent('status')).exitCode).toBe(1);
  });

  it('starts over at SIGHUP, and lets neither a second one start nor a single run in between', async ({
    node,
  }) => {
    const daemon = await node.start();
    daemon.kill('SIGHUP');
    await untilDaemonAnswers(node.namespace);
    for (const args of [['run'], ['run', '--once']]) {
      const second = await node.agent(...args);
      expect([second.exitCode, second.stdout]).toEqual([1, '']);
      expect(second.stderr).toContain(`another moenet-agent is running as process ${daemon.pid}`);
    }
    expect(daemon.exitCode).toBeNull();
  });
});

describe.concurrent('maintenance', () => {
  const conf = (node: AgentNode) =>
    readFile(join(node.directory, 'bird/moenet-agent/maintenance.conf'), 'utf8');
  const loaded = async (node: AgentNode) =>
    /TRUE/i.test((await birdc(node.namespace, 'eval', 'MOENET_MAINTENANCE')).stdout);

  /** Since when each protocol is in its state: a protocol that was restarted has another time. */
  async function since(node: AgentNode): Promise<string[]> {
    const { stdout } = await birdc(node.namespace, 'show', 'protocols');
    return [...stdout.matchAll(/^(\S+)\s+\S+\s+\S+\s+(?:up|start)\s+(\S+ ?[\d:.]+)/gm)].map((row) => row[0]);
  }

  it('is loaded without a reset, outlives the daemon, and is taken back', async ({ node }) => {
    const daemon = await node.start();
    await until('the first pass is over', async () => (await node.updates()).length === 2);
    const before = await since(node);
    expect(before.length).toBeGreaterThan(5);
    const on = await node.agent('maintenance', 'on');
    expect(on.stderr).toBe('');
    expect(on.exitCode).toBe(0);
    expect(on.stdout).toMatch(/^maintenance is on since \S+ \(\d+s\)\nmade 2 changes\n/);
    expect(on.stdout).toContain('traffic over all session tunnels, measured for 3s: ');
    expect([await conf(node), await loaded(node)]).toEqual([expect.stringContaining('= true;'), true]);
    expect((await node.agent('status')).stdout).toContain('maintenance is on for');

    daemon.kill('SIGTERM');
    await once(daemon, 'exit');
    await node.start();
    expect((await node.agent('resync')).stdout).toBe('nothing to change');
    expect(JSON.parse((await node.agent('maintenance', 'status', '--json')).stdout)).toMatchObject({
      on: true,
      traffic: { seconds: expect.closeTo(3, 0) },
    });
    expect(await loaded(node)).toBe(true);

    expect((await node.agent('maintenance', 'off')).stdout).toMatch(/^maintenance is off\nmade 2 changes\n/);
    expect([await conf(node), await loaded(node)]).toEqual([expect.stringContaining('= false;'), false]);
    expect(await since(node)).toEqual(before);
  });

  it('is stored, and loaded in one pass, where no daemon is running', async ({ node }) => {
    await node.agent('run', '--once');
    const on = await node.agent('maintenance', 'on');
    expect(on.stderr).toContain(
      'moenet-agent: no daemon is running; this command stores it and makes one pass itself\n',
    );
    expect(warningsIn(on)).toEqual([
      expect.stringContaining('do not resolve'),
      expect.stringContaining('rpki.akae.re has no address yet'),
    ]);
    expect([on.exitCode, await loaded(node)]).toEqual([0, true]);
    const status = await node.agent('maintenance', 'status');
    expect([status.exitCode, status.stdout]).toEqual([0, expect.stringMatching(/^maintenance is on since /)]);
    expect((await node.agent('maintenance', 'off')).exitCode).toBe(0);
    expect(await loaded(node)).toBe(false);
  });

  it('is not done while BIRD does not run, and is when it is back', async ({ node }) => {
    await node.start();
    await until('the first pass is over', async () => (await node.updates()).length === 2);
    await node.stopBird();
    const on = await node.agent('maintenance', 'on');
    expect(on.exitCode).toBe(1);
    expect(on.stderr).toContain('BIRD');
    await node.startBird();
    await node.resync();
    expect(await loaded(node)).toBe(true);
  });
});

it.concurrent("a link's measured latency is used at once, and the next run has nothing to do", async ({
  node,
}) => {
  const list = JSON.parse(await readFile(join(node.directory, 'sessions.json'), 'utf8')) as {
    sessions: Record<string, unknown>[];
  };
  const neighbor = { ...list.sessions[1], ipv6LinkLocal: null, ipv4: '172.20.5.9' };
  await node.answer('sessions', { sessions: [neighbor] });
  // There is no other end: what is sent to the neighbor is answered by this machine.
  await node.namespace.run('nft', ['-f', '-'], {
    input: `table ip answers { chain output { type nat hook output priority -100;
      ip daddr 172.20.5.9 dnat to 172.22.188.1; }; }\n`,
  });
  const { stdout } = await node.agent('run', '--once');
  expect(stdout.match(/write peers\/dn42_4242422189.conf/g)).toHaveLength(2);
  expect(await readFile(join(node.directory, 'bird/peers/dn42_4242422189.conf'), 'utf8')).toContain(
    'MOENET_TIER_0',
  );
  expect((await node.agent('run', '--once')).stdout).toBe('nothing to change');
});

describe.concurrent('foreign things', () => {
  it('an interface that the agent did not make is not touched; its session gets an error, the others go on', async ({
    node,
  }) => {
    const { namespace } = node;
    await namespace.run('ip', ['link', 'add', 'wg_24001', 'type', 'bridge']);
    const before = (await namespace.run('ip', ['-j', '-d', 'link', 'show', 'wg_24001'])).stdout;
    const { exitCode, stderr } = await node.agent('run', '--once');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('wg_24001 exists and was not made by the agent');
    expect((await namespace.run('ip', ['-j', '-d', 'link', 'show', 'wg_24001'])).stdout).toBe(before);
    expect(await node.updates()).toMatchObject([
      { uuid: 'abc-125' },
      { uuid: 'abc-123', status: 'error', error: expect.stringContaining('wg_24001') },
    ]);
    expect(await wgInterfaces(node)).toContain('wg_24002');
  });
});

describe.concurrent('faults', () => {
  it('BIRD that was away is configured when it is back', async ({ node }) => {
    await node.stopBird();
    expect((await node.agent('run', '--once')).exitCode).toBe(1);
    await node.startBird();
    expect((await node.agent('run', '--once')).exitCode).toBe(0);
    expect(await protocols(node)).toEqual(['dn42_4242421080', 'dn42_4242422189', 'ibgp_2']);
  });
});
