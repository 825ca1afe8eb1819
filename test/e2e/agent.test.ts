import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { RunResult } from '../../src/platform/exec.js';
import { until } from '../integration/host/tunnel-host.js';
import { type AgentNode, birdc } from './agent-node.js';
import { it } from './with-node.js';

async function wgInterfaces(node: AgentNode): Promise<string[]> {
  return (await node.namespace.run('wg', ['show', 'interfaces'])).stdout.split(/\s+/).filter(Boolean).sort();
}

async function protocols(node: AgentNode): Promise<string[]> {
  const { stdout } = await birdc(node.namespace, 'show', 'protocols');
  return [...stdout.matchAll(/^(\S+)\s+BGP/gm)].map((match) => match[1] ?? '').sort();
}

/** What a command logged on standard error. */
function warningsIn({ stderr }: RunResult): string[] {
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => String(JSON.parse(line).msg));
}

describe.concurrent('run --once on the documented fixtures', () => {
  it('brings every session to the state that its status asks for, and tells the control plane', async ({
    node,
  }) => {
    const result = await node.agent('run', '--once');
    expect(warningsIn(result)).toEqual([
      expect.stringContaining('peer.example.net do not resolve'),
      expect.stringContaining('rpki.akae.re has no address yet'),
    ]);
    expect(result.exitCode).toBe(0);
    expect(await wgInterfaces(node)).toEqual(['dn42-wg-igp-2', 'wg_24001', 'wg_24002']);
    expect(await protocols(node)).toEqual(['dn42_4242421080', 'dn42_4242422189', 'ibgp_2']);
    expect(await node.updates()).toEqual([
      { uuid: 'abc-123', status: 'active', interface: 'wg_24001' },
      { uuid: 'abc-125', status: 'deleted', interface: 'wg_24003' },
    ]);
    const calls = (await node.posts()).map(({ call }) => call);
    expect(calls).toEqual(expect.arrayContaining(['modify', 'mesh/status', 'heartbeat', 'report']));
  });

  it('marks its interfaces, sets their MTU and addresses, and puts the loopbacks in place', async ({
    node,
  }) => {
    await node.agent('run', '--once');
    const { stdout } = await node.namespace.run('ip', ['-j', '-d', 'addr', 'show']);
    const links = JSON.parse(stdout) as {
      ifname: string;
      ifalias?: string;
      mtu: number;
      addr_info: { local: string; prefixlen: number }[];
    }[];
    const of = (name: string) => links.find((link) => link.ifname === name);
    expect(of('wg_24001')).toMatchObject({ ifalias: 'moenet-agent:abc-123', mtu: 1420 });
    // The row says `ipv6` fe80::1, the neighbor's, and `ipv6LinkLocal` fe80::2, which the neighbor was told for ours.
    const addresses = of('wg_24001')?.addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`);
    expect(addresses?.sort()).toEqual(['fe80::2/64', 'fe80::998:101:1:1/64']);
    const loopbacks = links.flatMap((link) =>
      link.addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    );
    expect(loopbacks).toEqual(expect.arrayContaining(['172.22.188.1/32', 'fd00:4242:7777:101:1::1/128']));
  });

  it("keeps the operator's bird.conf, and its secrets to itself", async ({ node }) => {
    const { stdout, stderr } = await node.agent('run', '--once', '--log-level', 'trace');
    const file = (name: string) => join(node.directory, name);
    expect(await readFile(file('bird/bird.conf.orig'), 'utf8')).toContain('router id 192.0.2.1');
    expect((await stat(file('keys/private.key'))).mode & 0o777).toBe(0o600);
    const privateKey = (await readFile(file('keys/private.key'), 'utf8')).trim();
    for (const secret of [privateKey, node.token]) {
      expect(stdout + stderr).not.toContain(secret);
      expect(await readFile(file('posts.jsonl'), 'utf8')).not.toContain(secret);
    }
  });

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

describe.concurrent('plan', () => {
  it('says 2 and changes nothing, then 0 when all is done; also offline', async ({ node }) => {
    const before = await node.agent('plan', '--json');
    expect(before.exitCode).toBe(2);
    expect(await wgInterfaces(node)).toEqual([]);
    expect(await node.posts()).toEqual([]);
    const done = JSON.parse((await node.agent('run', '--once', '--json')).stdout) as { changes: string[] };
    const planned = JSON.parse(before.stdout) as {
      changes: { subject: string; summary: string; why: string }[];
    };
    expect(done.changes).toEqual(
      planned.changes.map(({ subject, summary, why }) => `${subject}: ${summary} (${why})`),
    );
    expect((await node.agent('plan')).exitCode).toBe(0);
    expect((await node.agent('plan', '--offline')).exitCode).toBe(0);
  });
});

describe.concurrent('the daemon', () => {
  it('repairs what was broken by hand at a resync, says what it did, and leaves off what was disabled', async ({
    node,
  }) => {
    await node.start();
    await until('the first pass is over', async () => (await node.updates()).length === 2);
    const { namespace } = node;
    await namespace.run('ip', ['link', 'del', 'dev', 'wg_24001']);
    await namespace.run('ip', ['link', 'set', 'dev', 'wg_24002', 'mtu', '1300']);
    await namespace.run('wg', ['set', 'wg_24002', 'listen-port', '999']);
    await birdc(namespace, 'disable', 'dn42_4242422189');
    const { stdout, exitCode } = await node.agent('resync');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('session abc-123: create tunnel wg_24001 (it is missing)');
    expect(stdout).toContain('MTU 1300 → 1420');
    expect(stdout).toContain('port 999 → 24002');
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
    await until('it answers again', async () => (await node.agent('status', '--json')).exitCode === 3);
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
    await node.agent('resync');
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

describe.concurrent('an edit of a session', () => {
  /** As a control plane has it: the row gets what is edited, and is queued for setup again with the same uuid. */
  async function edit(node: AgentNode, change: Record<string, unknown>): Promise<void> {
    const list = JSON.parse(await readFile(join(node.directory, 'sessions.json'), 'utf8')) as {
      sessions: Record<string, unknown>[];
    };
    await node.answer('sessions', {
      sessions: list.sessions.map((row) =>
        row['uuid'] === 'abc-123' ? { ...row, ...change, status: 4 } : row,
      ),
    });
  }

  const answers = async (node: AgentNode) =>
    (await node.updates()).filter(({ uuid }) => uuid === 'abc-123').map(({ status }) => status);

  it('is done and answered, each time', async ({ node }) => {
    await node.start();
    await until('the first pass is over', async () => (await node.updates()).length === 2);
    await edit(node, { mtu: 1400 });
    expect((await node.agent('resync')).stdout).toContain('MTU 1420 → 1400');
    expect(await answers(node)).toEqual(['active', 'active']);
    await edit(node, { description: 'a text that nothing depends on' });
    await node.agent('resync');
    expect(await answers(node)).toEqual(['active', 'active', 'active']);
    await node.agent('resync');
    // Edits in a row that change nothing in the list, with no list in between that shows an answer.
    for (let count = 4; count <= 7; count += 1) {
      await edit(node, {});
      await node.agent('resync');
      expect(await answers(node)).toEqual(Array(count).fill('active'));
    }
    await node.agent('resync');
    expect(await answers(node)).toHaveLength(7);
  });

  it('that cannot be done is answered with the reason, each time', async ({ node }) => {
    await node.agent('run', '--once');
    for (let time = 1; time <= 2; time += 1) {
      await edit(node, { mtu: 40 + time });
      await node.agent('run', '--once');
      expect(await answers(node)).toEqual(['active', ...Array(time).fill('error')]);
    }
  });
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
  it('what is wrong with the node itself is in the heartbeat as in the status', async ({ node }) => {
    const told = async () => {
      const beats = (await node.posts()).filter(({ call }) => call.startsWith('heartbeat'));
      const { status, ...body } = beats.at(-1)?.body ?? {};
      return ((status ?? body) as { readonly problems?: readonly string[] }).problems ?? ['none told'];
    };
    await node.start();
    await node.agent('resync');
    expect((await told()).filter((words) => words.includes('forwarding'))).toEqual([]);
    await node.namespace.run('sysctl', ['-q', '-w', 'net.ipv6.conf.all.forwarding=0']);
    await node.agent('resync');
    const { problems } = JSON.parse((await node.agent('status', '--json')).stdout);
    const words = (await told()).filter((each) => each.startsWith('IPv6 forwarding is off'));
    expect(words).toHaveLength(1);
    expect(problems).toEqual(expect.arrayContaining(words));
  });

  it('a malformed list, and one malformed session, disturb nothing that runs', async ({ node }) => {
    await node.agent('run', '--once');
    const list = JSON.parse(await readFile(join(node.directory, 'sessions.json'), 'utf8')) as {
      sessions: Record<string, unknown>[];
    };
    await node.answer('sessions', { nonsense: true });
    expect((await node.agent('run', '--once')).exitCode).toBe(1);
    await node.answer('sessions', {
      sessions: [{ ...list.sessions[0], mtu: 40 }, ...list.sessions.slice(1)],
    });
    const refused = await node.agent('run', '--once');
    expect(refused.stderr).toContain('40 is not an MTU');
    expect(await wgInterfaces(node)).toEqual(['dn42-wg-igp-2', 'wg_24001', 'wg_24002']);
    expect(await protocols(node)).toHaveLength(3);
    expect((await node.updates()).at(-1)).toMatchObject({
      uuid: 'abc-123',
      status: 'error',
      error: expect.stringContaining('mtu'),
    });
  });

  it('BIRD that was away is configured when it is back', async ({ node }) => {
    await node.stopBird();
    expect((await node.agent('run', '--once')).exitCode).toBe(1);
    await node.startBird();
    expect((await node.agent('run', '--once')).exitCode).toBe(0);
    expect(await protocols(node)).toEqual(['dn42_4242421080', 'dn42_4242422189', 'ibgp_2']);
  });
});
