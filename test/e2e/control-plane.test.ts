import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it as plainIt } from 'vitest';
import type { RunResult } from '../../src/platform/exec.js';
import { until } from '../integration/host/tunnel-host.js';
import { type AgentNode, openAgentNode } from './agent-node.js';
import { protocols, warningsIn, wgInterfaces } from './seen-on-node.js';
import { it } from './with-node.js';

describe('the first run --once on the documented fixtures', () => {
  let node: AgentNode;
  let planned: RunResult;
  let result: RunResult;

  beforeAll(async () => {
    node = await openAgentNode('jp1');
    planned = await node.agent('plan', '--json');
    expect(await wgInterfaces(node)).toEqual([]);
    expect(await node.posts()).toEqual([]);
    result = await node.agent('run', '--once', '--json', '--log-level', 'trace');
  });

  afterAll(() => node.close());

  plainIt('makes the changes that plan names, and plan then has none, also offline', async () => {
    expect(planned.exitCode).toBe(2);
    const done = JSON.parse(result.stdout) as { changes: string[] };
    const { changes } = JSON.parse(planned.stdout) as {
      changes: { subject: string; summary: string; why: string }[];
    };
    expect(done.changes).toEqual(
      changes.map(({ subject, summary, why }) => `${subject}: ${summary} (${why})`),
    );
    expect((await node.agent('plan')).exitCode).toBe(0);
    expect((await node.agent('plan', '--offline')).exitCode).toBe(0);
  });

  plainIt(
    'brings every session to the state that its status asks for, and tells the control plane',
    async () => {
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
    },
  );

  plainIt('marks its interfaces, sets their MTU and addresses, and puts the loopbacks in place', async () => {
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

  plainIt("keeps the operator's bird.conf, and its secrets to itself", async () => {
    const { stdout, stderr } = result;
    const file = (name: string) => join(node.directory, name);
    expect(await readFile(file('bird/bird.conf.orig'), 'utf8')).toContain('router id 192.0.2.1');
    expect((await stat(file('keys/private.key'))).mode & 0o777).toBe(0o600);
    const privateKey = (await readFile(file('keys/private.key'), 'utf8')).trim();
    for (const secret of [privateKey, node.token]) {
      expect(stdout + stderr).not.toContain(secret);
      expect(await readFile(file('posts.jsonl'), 'utf8')).not.toContain(secret);
    }
  });
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
    await node.resync();
    expect(await answers(node)).toEqual(['active', 'active', 'active']);
    await node.resync();
    // Edits in a row that change nothing in the list, with no list in between that shows an answer.
    for (let count = 4; count <= 5; count += 1) {
      await edit(node, {});
      await node.resync();
      expect(await answers(node)).toEqual(Array(count).fill('active'));
    }
    await node.resync();
    expect(await answers(node)).toHaveLength(5);
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

describe.concurrent('faults', () => {
  it('what is wrong with the node itself is in the heartbeat as in the status', async ({ node }) => {
    const told = async () => {
      const beats = (await node.posts()).filter(({ call }) => call.startsWith('heartbeat'));
      const { status, ...body } = beats.at(-1)?.body ?? {};
      return ((status ?? body) as { readonly problems?: readonly string[] }).problems ?? ['none told'];
    };
    await node.start();
    await node.resync();
    expect((await told()).filter((words) => words.includes('forwarding'))).toEqual([]);
    await node.namespace.run('sysctl', ['-q', '-w', 'net.ipv6.conf.all.forwarding=0']);
    await node.resync();
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
});
