import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeHost } from '../../../src/lab/simulated/machine/fake-machine.js';
import type { Agent } from '../../../src/shell/agent.js';
import { ControlPlaneError } from '../../../src/shell/ports/control-plane-error.js';
import type { PassWork } from '../../../src/shell/ports/work.js';
import type { FakeControlPlane } from '../../fakes/fake-control-plane.js';
import { type FakeNode, makeFakeNode } from '../../fakes/fake-node.js';
import { makeEntry, ownKey } from '../make.js';

const { signal } = new AbortController();
let node: FakeNode;
let host: FakeHost;
let controlPlane: FakeControlPlane;
let problems: readonly string[];
let agent: Agent;

beforeEach(async () => {
  node = makeFakeNode();
  ({ host, controlPlane, problems } = node);
  agent = await node.startAgent();
});

async function round(): Promise<void> {
  await agent.refresh(['sessions'], signal);
  await agent.pass();
}

it('each pass that ends, failed ones too, is announced, and the status is then of that pass', async () => {
  const seen: (readonly string[])[] = [];
  node.onPass = () => seen.push(agent.status().problems);
  await round();
  host.links.observe = () => Promise.reject(new Error('netlink: no buffer space'));
  await agent.pass();
  expect(seen).toEqual([[], [expect.stringContaining('netlink: no buffer space')]]);
});

it('the plan says what the next pass would do, with the texts of files, and changes nothing', async () => {
  await agent.refresh(['sessions'], signal);
  const { changes, problems } = await agent.plan();
  expect(problems).toEqual([]);
  expect(changes.map(({ summary }) => summary)).toContain('create tunnel wg_24001');
  expect(changes.flatMap(({ diff = [] }) => diff).join('\n')).toContain('+protocol bgp');
  expect(host.wireguardTable.size).toBe(0);
  await round();
  await agent.pass();
  expect(await agent.plan()).toMatchObject({ changes: [], reports: [], problems: [] });
});

it('each pass that ends is told with what it did', async () => {
  const works: PassWork[] = [];
  node.onPass = (work) => works.push(work);
  await round();
  const [first] = works;
  expect(first).toMatchObject({ isComplete: true, failed: 0 });
  expect(agent.status().lastPass).toMatchObject({ planned: first?.done, changes: first?.done, putOff: 0 });
  expect(first?.done).toBeGreaterThan(3);
  await agent.pass();
  host.links.observe = () => Promise.reject(new Error('netlink: no buffer space'));
  await agent.pass();
  expect(works.slice(1)).toEqual([
    { isComplete: true, durationMs: expect.any(Number), done: 0, failed: 0 },
    { isComplete: false, durationMs: expect.any(Number), done: 0, failed: 0 },
  ]);
});

describe('status updates', () => {
  it('that the control plane has not accepted are counted', async () => {
    const waiting = () => agent.status().controlPlane.updatesWaiting;
    expect(waiting()).toBe(0);
    await agent.refresh(['sessions'], signal);
    controlPlane.down = 'POST modify: 502';
    await agent.pass();
    expect(waiting()).toBe(1);
    controlPlane.down = undefined;
    await agent.pass();
    expect(waiting()).toBe(0);
  });

  it('are posted once, on the transition', async () => {
    await round();
    await round();
    expect(controlPlane.told.modify).toEqual([
      { uuid: 'abc-123', status: 'active', interface: 'wg_24001', error: undefined },
    ]);
  });

  it('that the control plane did not take are posted again', async () => {
    await agent.refresh(['sessions'], signal);
    controlPlane.down = 'POST modify: 502';
    await agent.pass();
    expect(controlPlane.told.modify).toEqual([]);
    controlPlane.down = undefined;
    await agent.pass();
    expect(controlPlane.told.modify).toHaveLength(1);
  });

  it('are not repeated after a restart', async () => {
    await round();
    agent = await node.startAgent();
    await round();
    expect(controlPlane.told.modify).toHaveLength(1);
  });

  it('follow the state: error when it breaks, active when it works again', async () => {
    await round();
    controlPlane.sessions = [makeEntry()];
    host.linkTable.delete('wg_24001');
    host.wireguardTable.delete('wg_24001');
    host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
    await round();
    host.breaks.clear();
    host.nowMs += 61_000;
    await round();
    await round();
    expect(controlPlane.told.modify.map(({ status }) => status)).toEqual(['active', 'error', 'active']);
  });
});

describe('a control plane that does not answer', () => {
  it('tears nothing down, and is named', async () => {
    await round();
    controlPlane.down = 'GET sessions: connection refused';
    await round();
    expect(host.linkTable.has('wg_24001')).toBe(true);
    expect(problems).toContain('GET sessions: connection refused');
    expect(agent.status()).toMatchObject({ health: 'degraded', controlPlane: { reachable: false } });
  });

  it('does not keep what drifted from being repaired', async () => {
    await round();
    controlPlane.down = 'GET sessions: connection refused';
    Object.assign(host.linkTable.get('wg_24001') ?? {}, { mtu: 1500 });
    await round();
    expect(host.linkTable.get('wg_24001')?.mtu).toBe(1420);
  });
});

it('a sync fetches, applies and posts everything, and names what did not succeed', async () => {
  const result = await agent.sync(signal);
  expect(result).toMatchObject({ ok: false, errors: ['GET bird-config: 404'] });
  expect(result.changes).toContain('session abc-123 (AS4242421080): create tunnel wg_24001 (it is missing)');
  expect(controlPlane.told.modify).toHaveLength(1);
  expect(controlPlane.told.mesh).toEqual([[]]);
  expect(controlPlane.told.heartbeat.at(-1)).toMatchObject({
    version: '1.2.3',
    uptimeSeconds: 61,
    birdVersion: '2.0.12',
  });
  expect(controlPlane.told.report).toMatchObject([
    [{ uuid: 'abc-123', rttMs: 12.5, bgpState: 'Established', protocols: ['dn42_4242421080'] }],
  ]);
});

it('a heartbeat names the public address on the interface of the default route', async () => {
  host.linkTable.set('eth0', {
    name: 'eth0',
    alias: undefined,
    kind: undefined,
    mtu: 1500,
    up: true,
    addresses: [{ local: '203.0.113.5', prefixLength: 24, peer: undefined }],
  });
  await round();
  await agent.heartbeat(signal);
  expect(controlPlane.told.heartbeat.at(-1)).toMatchObject({
    publicIpv4: '203.0.113.5',
    publicIpv6: undefined,
  });
});

it('the status shows each session as the last pass saw it', async () => {
  await agent.sync(signal);
  expect(agent.status().sessions).toMatchObject([
    {
      uuid: 'abc-123',
      asn: 4242421080,
      state: 'ok',
      status: 'queued-for-setup',
      rttMs: 12.5,
      bgp: { state: 'Established' },
    },
  ]);
});

it('a report is due once per interval', async () => {
  await round();
  await agent.reportIfDue(signal);
  await agent.reportIfDue(signal);
  expect(controlPlane.told.report).toHaveLength(1);
  host.nowMs += 60_000;
  await agent.reportIfDue(signal);
  expect(controlPlane.told.report).toHaveLength(2);
});

it('a failed report is due again at once, so that its failure is not named for long', async () => {
  await round();
  controlPlane.checkHealth = async () => undefined;
  controlPlane.down = 'refused';
  await agent.reportIfDue(signal);
  expect(agent.status().controlPlane.error).toContain('POST report: refused');
  controlPlane.down = undefined;
  await agent.reportIfDue(signal);
  expect(controlPlane.told.report).toHaveLength(1);
  expect(agent.status().controlPlane.error).toBeUndefined();
});

it('a clock that is set back does not put the next report off', async () => {
  await round();
  await agent.reportIfDue(signal);
  host.stepMs -= 86_400_000;
  host.nowMs += 60_000;
  await agent.reportIfDue(signal);
  expect(controlPlane.told.report).toHaveLength(2);
});

it('a refused update is not named any more once there is no update left to post', async () => {
  controlPlane.postModify = async () => {
    throw new Error('POST modify: 404');
  };
  await round();
  expect(agent.status().controlPlane.error).toContain('POST modify: 404');
  controlPlane.sessions = [makeEntry({ status: 'active' })];
  await round();
  expect(agent.status().controlPlane.error).toBeUndefined();
});

it('a system that cannot be read is a problem of the node, and the next pass works', async () => {
  host.breaks.set('wireguard.observe', new Error('wg is not installed'));
  await round();
  expect(agent.status().problems[0]).toContain('wg is not installed');
  host.breaks.clear();
  await round();
  expect(host.linkTable.has('wg_24001')).toBe(true);
});

it('a new key is announced before the updates of the sessions', async () => {
  await agent.refresh(['sessions'], signal);
  controlPlane.postModify = async () => {
    expect(controlPlane.told.heartbeat).toMatchObject([{ meshPublicKey: ownKey }]);
  };
  expect((await agent.pass()).errors).toEqual([]);
  await agent.pass();
  expect(controlPlane.told.heartbeat).toHaveLength(1);
});

it('times that could not be measured are not reported', async () => {
  await agent.sync(signal);
  node.rttMs = new Error('fping is not installed');
  await agent.sync(signal);
  expect(problems).toContain('ping: fping is not installed');
  expect(controlPlane.told.report.map(([session]) => session?.rttMs)).toEqual([12.5, undefined]);
});

describe('a list that is suddenly empty', () => {
  it('is not believed at once: what runs stays, which is said, until several lists in a row say so', async () => {
    await round();
    controlPlane.sessions = [];
    for (let poll = 1; poll < 5; poll += 1) await round();
    expect(host.linkTable.has('wg_24001')).toBe(true);
    expect(agent.status().problems[0]).toContain('leaves out 1 running session');
    await round();
    expect(host.linkTable.has('wg_24001')).toBe(false);
    expect(agent.status().problems).toEqual([]);
  });

  it('is believed at once when an operator says so', async () => {
    await round();
    controlPlane.sessions = [];
    await agent.sync(signal);
    expect(host.linkTable.has('wg_24001')).toBe(true);
    await agent.sync(signal, { force: true });
    expect(host.linkTable.has('wg_24001')).toBe(false);
  });

  it('is forgotten when the list is as before', async () => {
    await round();
    controlPlane.sessions = [];
    await round();
    controlPlane.sessions = [makeEntry()];
    await round();
    expect(agent.status().problems).toEqual([]);
    expect(host.linkTable.has('wg_24001')).toBe(true);
  });
});

describe('resync', () => {
  it('tries a configuration that BIRD refused, although nothing that BIRD reads is new', async () => {
    host.birdRefuses = 'abc-123';
    await round();
    host.birdRefuses = undefined;
    await round();
    expect([...host.protocols.keys()]).not.toContain('dn42_4242421080');
    await agent.sync(signal);
    expect([...host.protocols.keys()]).toContain('dn42_4242421080');
  });

  it('tries a change at once that was undone because it cut the node off, if the control plane answers', async () => {
    let isCutOff = true;
    controlPlane.checkHealth = async () => {
      if (isCutOff && host.linkTable.has('wg_24001'))
        throw new ControlPlaneError('GET health', { kind: 'unreachable', reason: 'no route' });
    };
    await round();
    await round();
    expect(host.linkTable.has('wg_24001')).toBe(false);
    isCutOff = false;
    await round();
    expect(host.linkTable.has('wg_24001')).toBe(false);
    await agent.sync(signal);
    expect(host.linkTable.has('wg_24001')).toBe(true);
  });
});
