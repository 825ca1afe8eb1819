import { beforeEach, describe, expect, it } from 'vitest';
import { parseBirdConfig } from '../../../../src/adapters/control-plane/parse/parse-bird-config.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { foresee } from '../../../../src/shell/pass/pass.js';
import { bootstrap, makeEntry, otherKey, ownKey, v6 } from '../../make.js';
import {
  ignored,
  makePassedNode,
  type Pass,
  type PassedNode,
  signal,
  snapshot,
  summary,
} from './passed-node.js';

let host: PassedNode['host'];
let memory: PassedNode['memory'];
let context: PassedNode['context'];
let pass: Pass;

beforeEach(async () => {
  ({ host, memory, context, pass } = await makePassedNode());
});

const second = makeEntry({ uuid: 'abc-124', interface: 'wg_24002', listenPort: 24002, publicKey: otherKey });

describe('a session that is queued for setup', () => {
  it('has its tunnel and its BIRD protocol after the pass, and is reported active', async () => {
    const result = await pass([makeEntry({ status: 'queued-for-setup' })]);
    expect(summary(result)).toEqual(['abc-123 active']);
    expect(host.linkTable.get('wg_24001')).toMatchObject({
      alias: 'moenet-agent:abc-123',
      mtu: 1420,
      up: true,
    });
    expect(host.wireguardTable.get('wg_24001')).toMatchObject({ publicKey: ownKey, listenPort: 24001 });
    expect([...host.protocols.keys()]).toContain('dn42_4242421080');
    expect(host.birdReloads).toBe(1);
  });

  it('is reported as setup failed with the reason, when its tunnel cannot be made', async () => {
    host.breaks.set('wireguard.create', new Error('wireguard-go: no /dev/net/tun'));
    expect(summary(await pass([makeEntry({ status: 'queued-for-setup' })]))).toEqual([
      'abc-123 setup-failed: wireguard-go: no /dev/net/tun',
    ]);
  });

  it('is not reported active while BIRD does not answer', async () => {
    host.birdRunning = false;
    expect(summary(await pass([makeEntry({ status: 'queued-for-setup' })]))).toEqual([]);
  });
});

it('a problem of the node’s iBGP is no problem of its sessions', async () => {
  const peer = { nodeId: 9, nodeName: 'hk1', loopbackIpv4: '172.22.188.9', loopbackIpv6: null };
  const birdConfig = parseBirdConfig({ node: { id: 1 }, policy: { dn42As: 4242420998 }, ibgpPeers: [peer] });
  const node = { ...bootstrap.node, loopbackIpv4: undefined };
  const part = { birdConfig, config: { ...bootstrap, node } };
  const result = await pass([makeEntry({ status: 'queued-for-setup' })], part);
  expect(result.desired.problems).toEqual([expect.stringContaining('iBGP peer 9 (hk1): no BGP')]);
  expect(summary(result)).toEqual(['abc-123 active']);
});

describe('a second pass over the same input', () => {
  it('plans nothing, changes nothing and asks the machine a constant number of times', async () => {
    const entries = [makeEntry(), second];
    await pass(entries);
    const state = () =>
      JSON.stringify([[...host.linkTable], [...host.wireguardTable], [...host.files], host.birdReloads]);
    const before = state();
    for (const round of [1, 2]) {
      host.counts.clear();
      const result = await pass(entries);
      expect(result.plan.changes, `round ${round}`).toEqual([]);
      expect(Object.fromEntries(host.counts)).toEqual({
        'links.observe': 1,
        'wireguard.observe': 1,
        'bird.observe': 1,
      });
    }
    expect(state()).toBe(before);
  });
});

it('a plan is what the pass then does', async () => {
  const entries = [makeEntry({ status: 'queued-for-setup' }), second];
  const foreseen = await foresee(context, snapshot(entries), signal);
  expect(host.linkTable.size).toBe(2);
  const done = await pass(entries);
  expect(JSON.stringify(done.plan)).toBe(JSON.stringify(foreseen.plan));
  expect(done.reports).toEqual(foreseen.reports);
});

describe('a session that is gone', () => {
  it.each([
    ['from the list', [second], []],
    ['because it is disabled', [second, ignored('disabled')], []],
    [
      'because it is queued for delete, which is reported',
      [second, ignored('queued-for-delete')],
      ['abc-123 deleted'],
    ],
  ])('%s leaves nothing behind, and the others as they were', async (_, entries, reports) => {
    await pass([makeEntry(), second]);
    const other = JSON.stringify([host.linkTable.get('wg_24002'), host.wireguardTable.get('wg_24002')]);
    expect(summary(await pass(entries))).toEqual(reports);
    expect(host.linkTable.has('wg_24001')).toBe(false);
    expect([...host.files.values()].some((text) => text.includes('abc-123'))).toBe(false);
    expect(JSON.stringify([host.linkTable.get('wg_24002'), host.wireguardTable.get('wg_24002')])).toBe(other);
  });

  it('BIRD lets go of it before its tunnel goes', async () => {
    await pass([makeEntry(), second]);
    const effects: string[] = [];
    host.beforeEffect = (what) => effects.push(what);
    await pass([second]);
    expect(effects.indexOf('load')).toBeGreaterThan(-1);
    expect(effects.indexOf('load')).toBeLessThan(effects.findIndex((what) => what.includes('"remove":true')));
  });
});

describe('unknown is not empty', () => {
  it('a list that was never received removes nothing', async () => {
    await pass([makeEntry()]);
    const result = await pass(undefined);
    expect(result.plan.changes).toEqual([]);
    expect(host.linkTable.has('wg_24001')).toBe(true);
  });

  it('a session that became malformed keeps running as it was, and is reported', async () => {
    await pass([makeEntry()]);
    const files = new Map(host.files);
    const uuid = sessionId.parse('abc-123');
    const malformed: SessionEntry = {
      kind: 'refused',
      uuid,
      status: 'active',
      asn: undefined,
      interface: undefined,
      reason: 'mtu: 40',
    };
    expect(summary(await pass([malformed]))).toEqual(['abc-123 error: mtu: 40']);
    expect(host.linkTable.has('wg_24001')).toBe(true);
    expect(host.files).toEqual(files);
  });

  it('an item without a uuid could be any running session: none is removed', async () => {
    await pass([makeEntry(), second]);
    const nameless: SessionEntry = {
      kind: 'refused',
      uuid: undefined,
      status: undefined,
      asn: undefined,
      interface: undefined,
      reason: '?',
    };
    expect((await pass([second, nameless])).plan.changes).toEqual([]);
  });

  it('nothing is changed when the system cannot be read', async () => {
    await pass([makeEntry()]);
    host.breaks.set('wireguard.observe', new Error('wg is not installed'));
    await expect(pass([])).rejects.toThrow('wg is not installed');
    expect(host.linkTable.has('wg_24001')).toBe(true);
  });
});

describe('foreign things', () => {
  it('an interface without the mark is not touched, and the session that asks for it gets an error', async () => {
    const foreign = {
      name: 'wg_24001',
      alias: undefined,
      kind: 'wireguard',
      mtu: 1500,
      up: false,
      addresses: [],
    };
    host.linkTable.set('wg_24001', { ...foreign });
    const result = await pass([makeEntry({ status: 'queued-for-setup' }), second]);
    expect(summary(result)).toEqual([expect.stringContaining('abc-123 error: interface: wg_24001 exists')]);
    expect(host.linkTable.get('wg_24001')).toEqual(foreign);
    expect(host.linkTable.has('wg_24002')).toBe(true);
  });

  it("an operator's file beside the session files stays", async () => {
    host.files.set('peers/manual.conf', '# by hand\n');
    await pass([makeEntry()]);
    await pass([]);
    expect(host.files.get('peers/manual.conf')).toBe('# by hand\n');
  });
});

describe('one bad session does not hold up the others', () => {
  it('when BIRD refuses its file', async () => {
    host.birdRefuses = 'abc-123';
    const result = await pass([makeEntry({ status: 'queued-for-setup' }), second]);
    expect(summary(result)).toEqual([
      'abc-123 setup-failed: BIRD refuses the configuration in peers/dn42_4242421080.conf: syntax error',
    ]);
    expect([...host.files.values()].some((text) => text.includes('abc-124'))).toBe(true);
  });
});

describe('a session that is deleted, and a new one of its ASN in the same list', () => {
  const newcomer = makeEntry({
    uuid: 'abc-125',
    status: 'queued-for-setup',
    interface: 'wg_24005',
    listenPort: 24_005,
    ipv6LinkLocal: v6('fe80::5'),
  });

  it('end in one pass: the new one has the plain name, and the other is reported deleted', async () => {
    await pass([makeEntry(), second]);
    const result = await pass([newcomer, ignored('queued-for-delete'), second]);
    expect(summary(result)).toEqual(['abc-125 active', 'abc-123 deleted']);
    expect(result.desired.sessions.map(({ protocol }) => protocol)).toContain('dn42_4242421080');
    expect([...host.wireguardTable.keys()].sort()).toEqual(['wg_24002', 'wg_24005']);
    expect((await pass([newcomer, ignored('queued-for-delete'), second])).plan.changes).toEqual([]);
  });

  it('are not told apart by hope: while the new file is refused, the old one is there and not reported deleted', async () => {
    await pass([makeEntry(), second]);
    host.birdRefuses = 'abc-125';
    const result = await pass([newcomer, ignored('queued-for-delete'), second]);
    expect(summary(result)).toEqual([expect.stringMatching(/^abc-125 setup-failed: BIRD refuses/)]);
    host.birdRefuses = undefined;
    context.memory.note({ rejected: {} });
    const retried = await pass([newcomer, ignored('queued-for-delete'), second]);
    expect(summary(retried)).toEqual(['abc-125 active', 'abc-123 deleted']);
  });
});

it('what somebody changes during a pass is no failure of the pass', async () => {
  await pass([makeEntry(), second]);
  const { commit } = host.bird;
  host.bird.commit = async (...args) => {
    Object.assign(host.linkTable.get('wg_24002') ?? {}, { mtu: 1300 });
    return commit(...args);
  };
  const during = await pass([makeEntry({ policy: 'peer', status: 'error' }), second]);
  expect(summary(during)).toEqual(['abc-123 active']);
  host.bird.commit = commit;
  await pass([makeEntry({ policy: 'peer' }), second]);
  expect(host.linkTable.get('wg_24002')?.mtu).toBe(1420);
});

it('a tunnel that was made and could not be marked is the agent’s all the same', async () => {
  const { apply } = host.links;
  host.links.apply = async (changes) =>
    changes.some((change) => change.interface === 'wg_24001')
      ? new Map([['wg_24001', 'no permission']])
      : apply(changes, signal);
  await pass([makeEntry()]);
  expect(memory.current.creating).toEqual(['wg_24001']);
  host.links.apply = apply;
  host.nowMs += 120_000;
  await pass([makeEntry()]);
  expect(host.linkTable.get('wg_24001')?.alias).toBe('moenet-agent:abc-123');
  expect(memory.current.creating).toEqual([]);
});

describe('what drifted is repaired with one change', () => {
  it.each([
    [
      'a tunnel that was deleted',
      () => host.linkTable.delete('wg_24001') && host.wireguardTable.delete('wg_24001'),
      3,
    ],
    ['an MTU', () => Object.assign(host.linkTable.get('wg_24001') ?? {}, { mtu: 1500 }), 1],
    [
      'a file that was edited',
      () => host.files.set('peers/dn42_4242421080.conf', '# moenet-agent:abc-123\n# edited\n'),
      2,
    ],
    [
      'a protocol that BIRD shut down by itself',
      () => {
        const present = host.protocols.get('dn42_4242421080');
        const lastError = 'Automatic shutdown: Route limit exceeded';
        const bgp = { state: 'Down', neighborAddress: undefined, neighborAs: undefined, lastError };
        Object.assign(present ?? {}, { state: 'down', disabled: true, bgp });
      },
      1,
    ],
    ['a protocol that BIRD does not run', () => host.protocols.delete('dn42_4242421080'), 1],
  ])('%s', async (_, drift, steps) => {
    await pass([makeEntry()]);
    drift();
    const repaired = await pass([makeEntry()]);
    expect(repaired.plan.changes).toHaveLength(steps);
    expect(summary(repaired)).toEqual([]);
    expect((await pass([makeEntry()])).plan.changes).toEqual([]);
  });
});

it('a session’s file has the latency tier that is remembered', async () => {
  const textOf = async () => {
    await pass([makeEntry()]);
    return host.files.get('peers/dn42_4242421080.conf');
  };
  const without = await textOf();
  memory.note({ latencies: { 'abc-123': { rttMs: 50, tier: 3, sinceSeconds: 0 } } });
  const inTierThree = await textOf();
  expect(inTierThree).not.toBe(without);
  memory.note({ latencies: { 'abc-123': { rttMs: 20, tier: 2, sinceSeconds: 0 } } });
  expect(await textOf()).not.toBe(inTierThree);
});

it('a protocol that cannot be enabled is an error of its session, in BIRD’s words', async () => {
  await pass([makeEntry()]);
  const protocol = host.protocols.get('dn42_4242421080');
  const bgp = { state: 'Down', neighborAddress: undefined, neighborAs: undefined, lastError: 'Import limit' };
  Object.assign(protocol ?? {}, { disabled: true, bgp });
  host.bird.enable = async () => {
    throw new Error('8003 No protocols match');
  };
  expect(summary(await pass([makeEntry()]))).toEqual(['abc-123 error: 8003 No protocols match']);
});

it('an endpoint that is in place is remembered, also where the agent died before it could note it', async () => {
  await pass([makeEntry()]);
  memory.note({ endpoints: { wg_24001: '192.0.2.1:1' } });
  await pass([makeEntry()]);
  expect(memory.current.endpoints).toEqual({ wg_24001: '192.0.2.80:51820' });
});

describe('moves', () => {
  it('a session that takes another interface with the same port is moved in one pass', async () => {
    await pass([makeEntry()]);
    expect(summary(await pass([makeEntry({ interface: 'wg_new' })]))).toEqual([]);
    expect([...host.wireguardTable.keys()]).toEqual(['wg_new']);
  });

  it('an interface that moves to another session stays and gets the new settings', async () => {
    await pass([makeEntry()]);
    await pass([makeEntry({ uuid: 'abc-200', publicKey: otherKey })]);
    expect(host.linkTable.get('wg_24001')?.alias).toBe('moenet-agent:abc-200');
    expect(host.wireguardTable.get('wg_24001')?.peers[0]?.publicKey).toBe(otherKey);
  });
});

it.each([
  ['with nothing to do', 1420],
  ['with a tunnel to be repaired', 1500],
])(
  'a pass %s clears what a killed agent has left of a change of BIRD, also where that fails',
  async (_, mtu) => {
    await pass([makeEntry()]);
    const { recover } = host.bird;
    const again = () => {
      Object.assign(host.linkTable.get('wg_24001') ?? {}, { mtu });
      return pass([makeEntry()]);
    };
    host.staged = true;
    host.bird.recover = () => Promise.reject(new Error('EROFS'));
    expect((await again()).failures.size).toBe(0);
    host.bird.recover = recover;
    await again();
    expect(host.staged).toBe(false);
  },
);

it('a reload that waits for an operator’s trial refuses nothing', async () => {
  await pass([makeEntry()]);
  host.bird.commit = async () => ({ kind: 'on-trial', reason: 'an operator tries something' });
  await pass([makeEntry({ policy: 'peer' })]);
  expect(memory.current.rejected).toStrictEqual({});
});
