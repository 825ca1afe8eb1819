import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHistoryFiles } from '../../../../src/adapters/state/history/history-files.js';
import { TargetError } from '../../../../src/core/lookups/target.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';

const { signal } = new AbortController();
let directory: string;
let node: FakeNode;
let agent: Agent;
let appends: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-history-'));
  node = makeFakeNode();
  // The clock of a fresh node is at a full minute, and a quarter of an hour.
  node.history = openNodeHistory();
  appends = 0;
  agent = await node.startAgent();
});

afterEach(() => rm(directory, { recursive: true }));

function openNodeHistory() {
  const store = openHistoryFiles(directory, () => undefined);
  return {
    ...store,
    append: (...given: Parameters<typeof store.append>) => {
      appends += 1;
      return store.append(...given);
    },
  };
}

/** As the daemon does it, with fewer looks: each minute a pass and a report. */
async function live(minutes: number, each: (minute: number) => void = () => undefined): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    each(minute);
    await agent.refresh(['sessions'], signal);
    await agent.pass();
    await agent.report(signal);
    const end = (Math.floor(node.host.nowMs / 60_000) + 1) * 60_000;
    while (node.host.nowMs < end) {
      node.host.nowMs = Math.min(end, node.host.nowMs + 20_000);
      await agent.look(signal);
    }
    // The disk has the time of a minute; the test's minutes have none.
    if (minute % 5 === 4) await settled();
  }
}

/** What the disk was told to do is done. */
async function settled(): Promise<void> {
  await agent.history({ session: 'wg_24001', hours: 1 }).catch(() => undefined);
}

/** A new process on the same disk, which has made its first pass. */
async function restart(): Promise<void> {
  // What is written is written; the memory of the killed one is lost.
  await settled();
  node.history = openNodeHistory();
  agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  await settled();
}

const trend = () => agent.status().sessions[0]?.rttHistory;
const last = async (hours: number) => (await agent.history({ session: 'wg_24001', hours })).series;

describe('the history of a session', () => {
  it('has each minute, and is not known where there was no agent', async () => {
    await live(20, (minute) => {
      node.rttMs = 10 + minute;
    });
    const { step, from, series } = await agent.history({ session: '4242421080', hours: 1 });
    expect([step, from, series.rtt.length]).toEqual([60, node.host.nowMs / 1000 - 3600, 60]);
    expect(series.rtt.slice(39)).toEqual([
      null,
      ...Array.from({ length: 20 }, (_, at) => expect.closeTo(10 + at, 1)),
    ]);
    expect(series.up.slice(-2)).toEqual([1, 1]);
    expect(series.loss.slice(-2)).toEqual([0, 0]);
    expect(new Set(Object.values(series).map(({ length }) => length))).toEqual(new Set([60]));
  });

  it('has traffic, routes and BGP as WireGuard and BIRD show them', async () => {
    await live(2);
    const peer = () => node.host.wireguardTable.get('wg_24001')?.peers[0];
    const [protocol] = [...node.host.protocols.values()].filter(({ proto }) => proto === 'BGP');
    const name = protocol?.name ?? '';
    node.host.protocols.set(name, {
      ...protocol,
      bgp: { ...protocol?.bgp, state: 'Established' },
      channels: [
        { name: 'ipv4', state: 'UP', routes: { imported: 812, filtered: 3, exported: 900, preferred: 1 } },
      ],
    } as never);
    await live(4, () =>
      Object.assign(peer() ?? {}, { rxBytes: (peer()?.rxBytes ?? 0) + 60_000, txBytes: 0 }),
    );
    const series = await last(1);
    expect(series.received.slice(-4, -1)).toEqual([1000, 1000, 1000]);
    expect(series.sent.slice(-3, -1)).toEqual([0, 0]);
    expect(series.imported.at(-1)).toBe(812);
    expect(series.refused.at(-1)).toBe(3);
    expect(series.exported.at(-1)).toBe(900);
    expect(series.up.at(-1)).toBe(1);
    // Made anew: the counters begin at 0.
    Object.assign(peer() ?? {}, { rxBytes: 10, txBytes: 10 });
    await live(3);
    expect((await last(1)).received.slice(-4, -1)).toEqual([null, 0, 0]);
  });

  it('does not know what BIRD does not say', async () => {
    await live(2);
    node.host.bird.observe = async () => ({ running: false, reason: 'BIRD does not answer' });
    node.host.bird.glance = async () => ({ running: false, reason: 'BIRD does not answer' });
    await live(2);
    const series = await last(1);
    expect(series.up.slice(-3)).toEqual([1, null, null]);
    expect(series.imported.at(-1)).toBeNull();
    expect(series.rtt.at(-1)).toBe(12.5);
  });

  it('says how often BGP went down, also for moments that no minute shows', async () => {
    await live(2);
    const protocol = node.host.protocols.get('dn42_4242421080');
    const flaps = async (hours: number) => (await agent.history({ session: 'wg_24001', hours })).flaps;
    expect(await flaps(1)).toBe(0);
    for (const state of ['Active', 'Established', 'Active', 'Established']) {
      Object.assign(protocol ?? {}, {
        state: state === 'Established' ? 'up' : 'start',
        info: state,
        bgp: { ...protocol?.bgp, state },
      });
      await agent.look(signal);
    }
    expect(await flaps(1)).toBe(2);
    node.host.nowMs += 2 * 3_600_000;
    expect([await flaps(1), await flaps(24)]).toEqual([0, 2]);
  });

  it('is found by what explain takes; other words are refused with a reason', async () => {
    await live(1);
    for (const word of ['wg_24001', 'abc-123', 'AS4242421080', 'dn42_4242421080'])
      expect((await agent.history({ session: word, hours: 1 })).series.rtt.at(-1)).toBe(12.5);
    await expect(agent.history({ session: 'wg_9', hours: 1 })).rejects.toThrow(
      new TargetError('no session or node is called "wg_9"'),
    );
    node.controlPlane.sessions = [makeEntry(), makeEntry({ uuid: 'x-2', interface: 'wg_2', listenPort: 2 })];
    await live(1);
    await expect(agent.history({ session: 'AS4242421080', hours: 1 })).rejects.toThrow(
      '"AS4242421080" means 2 sessions: name one of abc-123, x-2',
    );
  });
});

describe('explain', () => {
  it('has the last day, with how often BGP went down, and 30 days where there are more', async () => {
    await live(20);
    const state = (name: string) => {
      for (const [key, protocol] of node.host.protocols)
        if (protocol.proto === 'BGP')
          node.host.protocols.set(key, { ...protocol, bgp: { ...protocol.bgp, state: name } } as never);
    };
    await live(3, (minute) => state(minute === 1 ? 'Active' : 'Established'));
    const { explanation } = await agent.explain('wg_24001', signal);
    expect(explanation?.history).toMatchObject([
      {
        hours: 24,
        flaps: 1,
        rtt: { least: 12.5, average: 12.5, largest: 12.5 },
        up: { least: 0, largest: 1 },
      },
    ]);
    expect(explanation?.history?.[0]?.rtt?.line).toEqual([...new Array(23).fill(null), 12.5]);
    node.host.nowMs += 2 * 86_400_000;
    await live(2);
    const later = (await agent.explain('wg_24001', signal)).explanation?.history;
    expect(later?.map(({ hours, flaps }) => [hours, flaps])).toEqual([
      [24, 0],
      [720, 1],
    ]);
  });

  it('says that the history cannot be read, and all else', async () => {
    node.history = { ...openNodeHistory(), read: () => Promise.reject(new Error('EIO: i/o error')) };
    agent = await node.startAgent();
    await live(2);
    const { explanation } = await agent.explain('wg_24001', signal);
    expect(explanation?.history).toEqual([]);
    expect(explanation?.notes).toEqual(['the history cannot be read: EIO: i/o error']);
    expect(explanation?.state).toBe('ok');
  });
});

describe('a restart', () => {
  it('after a clean stop loses nothing: status draws the same', async () => {
    await live(10);
    const before = trend();
    await node.stop();
    await restart();
    expect(before).toEqual(new Array(10).fill(12.5));
    expect(trend()).toEqual(before);
    expect((await last(1)).rtt.slice(-10)).toEqual(before);
  });

  it('after a kill loses at most a quarter of an hour', async () => {
    for (let round = 0; round < 3; round += 1) {
      await live(19);
      await restart();
      const known = (await last(1)).rtt.slice(-19).filter((rtt) => rtt !== null);
      expect(known.length).toBeGreaterThanOrEqual(19 - 15);
      expect(known.length).toBeLessThan(19);
    }
  });
});

describe('the disk', () => {
  it('that is full costs no pass, is named once, and gets what it missed when there is room', async () => {
    const problems: (string | undefined)[] = [];
    const store = openNodeHistory();
    let isFull = true;
    node.history = {
      ...store,
      append: (...given) => (isFull ? Promise.reject(new Error('no space')) : store.append(...given)),
    };
    node.onLog = (subject, problem) => subject === 'history' && problems.push(problem);
    agent = await node.startAgent();
    await live(40);
    await settled();
    expect(new Set(problems)).toEqual(new Set(['no space']));
    expect(agent.status().health).toBe('ok');
    isFull = false;
    await live(10);
    await settled();
    expect(problems.at(-1)).toBeUndefined();
    await restart();
    expect((await last(1)).rtt.slice(-50, -6)).toEqual(new Array(44).fill(12.5));
  });

  it('that cannot be read costs no pass, and what is in memory is shown', async () => {
    const broken = () => Promise.reject(new Error('EIO: i/o error'));
    node.history = { ...openNodeHistory(), read: broken, readAll: broken };
    agent = await node.startAgent();
    await live(5);
    expect(trend()).toEqual(new Array(5).fill(12.5));
    await expect(last(1)).rejects.toThrow('EIO: i/o error');
  });

  it('is not used where an operator wants no history; the trend is still there', async () => {
    node.history = undefined;
    agent = await node.startAgent();
    await live(25);
    expect(trend()).toEqual(new Array(19).fill(12.5));
    expect((await last(1)).rtt.slice(-24)).toEqual(new Array(24).fill(12.5));
    expect(agent.status().history).toBeUndefined();
    await node.stop();
    expect(appends).toBe(0);
  });
});
