import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry, otherKey } from '../../make.js';

const { signal } = new AbortController();
const path = 'moenet-agent/maintenance.conf';
let node: FakeNode;
let agent: Agent;

beforeEach(async () => {
  node = makeFakeNode();
  const second = makeEntry({
    uuid: 'abc-124',
    interface: 'wg_24002',
    listenPort: 24002,
    publicKey: otherKey,
  });
  node.controlPlane.sessions = [makeEntry(), second];
  agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  node.host.nowMs = startSeconds * 1000;
});

// Later than the first pass has taken.
const startSeconds = 1_800_000_060;

function text(): string | undefined {
  return node.host.files.get(path);
}

/** Lets each second bring a tunnel so many bytes. */
function flow(name: string, rxBytes: number, txBytes: number): void {
  const { clock } = node.host;
  const { sleep } = clock;
  Object.assign(clock, {
    sleep: async (ms: number) => {
      await sleep(ms);
      const wireguard = node.host.wireguardTable.get(name);
      if (!wireguard) throw new Error(`there is no ${name}`);
      wireguard.peers = wireguard.peers.map((peer) => ({
        ...peer,
        rxBytes: peer.rxBytes + (rxBytes * ms) / 1000,
        txBytes: peer.txBytes + (txBytes * ms) / 1000,
      }));
    },
  });
}

describe('maintenance on', () => {
  it("changes BIRD's files and reloads them; off restores them", async () => {
    const [before, reloads] = [new Map(node.host.files), node.host.birdReloads];
    const on = await agent.setMaintenance(true, signal);
    expect(on).toMatchObject({ ok: true, on: true, sinceSeconds: startSeconds, errors: [] });
    expect(on.changes.join('\n')).toContain(`node: write ${path}`);
    expect(text()).toContain('MOENET_MAINTENANCE = true');
    expect(node.host.birdReloads).toBe(reloads + 1);
    const off = await agent.setMaintenance(false, signal);
    expect(off).toMatchObject({ ok: true, on: false, sinceSeconds: undefined, traffic: undefined });
    expect(node.host.files).toEqual(before);
  });

  it('is shown, and is no fault', async () => {
    expect(agent.status().maintenance).toBeUndefined();
    await agent.setMaintenance(true, signal);
    expect(agent.status()).toMatchObject({
      health: 'ok',
      maintenance: { sinceSeconds: startSeconds },
    });
  });

  it('holds over a restart', async () => {
    await agent.setMaintenance(true, signal);
    agent = await node.startAgent();
    await agent.refresh(['sessions'], signal);
    expect((await agent.pass()).changes).toEqual([]);
    expect(text()).toContain('MOENET_MAINTENANCE = true');
    expect(agent.status().maintenance).toEqual({ sinceSeconds: startSeconds });
  });

  it('a second time keeps the first start', async () => {
    await agent.setMaintenance(true, signal);
    node.host.nowMs += 3_600_000;
    const again = await agent.setMaintenance(true, signal);
    expect(again).toMatchObject({ ok: true, changes: [], sinceSeconds: startSeconds });
  });

  it('is not done where BIRD refuses it or does not answer', async () => {
    node.host.birdRefuses = 'MOENET_MAINTENANCE = true';
    const refused = await agent.setMaintenance(true, signal);
    expect(refused).toMatchObject({ ok: false, on: true });
    expect(refused.errors.join()).toContain('BIRD refuses the configuration');
    const again = await agent.setMaintenance(true, signal);
    expect(again.ok).toBe(false);
    node.host.birdRefuses = undefined;
    node.host.birdRunning = false;
    const away = await agent.setMaintenance(true, signal);
    expect(away.errors).toContain('BIRD does not answer on /run/bird/bird.ctl');
  });

  it('is done where only some session cannot be set up', async () => {
    node.host.linkTable.set('wg_24003', {
      name: 'wg_24003',
      alias: undefined,
      kind: 'bridge',
      mtu: 1500,
      up: true,
      addresses: [],
    });
    const third = makeEntry({ uuid: 'abc-125', interface: 'wg_24003', listenPort: 24003 });
    node.controlPlane.sessions = [...node.controlPlane.sessions, third];
    await agent.refresh(['sessions'], signal);
    expect(await agent.setMaintenance(true, signal)).toMatchObject({ ok: true, errors: [] });
  });
});

describe('the traffic that is left', () => {
  it('is measured over the tunnels of all sessions, the largest first', async () => {
    flow('wg_24001', 100, 20);
    flow('wg_24002', 1000, 0);
    const { traffic } = await agent.maintenance(signal);
    expect(traffic).toMatchObject({ rxBytesPerSecond: 1100, txBytesPerSecond: 20 });
    expect(traffic.largest.map((session) => [session.interface, session.rxBytesPerSecond])).toEqual([
      ['wg_24002', 1000],
      ['wg_24001', 100],
    ]);
    expect(traffic.largest[0]).toMatchObject({ uuid: 'abc-124', asn: 4242421080 });
  });

  it('leaves out what is idle, and tunnels of others', async () => {
    flow('wg_24001', 0, 0);
    const link = node.host.linkTable.get('wg_24002');
    if (link) link.alias = 'somebody else';
    flow('wg_24002', 1000, 0);
    const { traffic } = await agent.maintenance(signal);
    expect(traffic).toMatchObject({ rxBytesPerSecond: 0, txBytesPerSecond: 0, largest: [] });
  });

  it('is not negative where a counter restarts', async () => {
    const wireguard = node.host.wireguardTable.get('wg_24001');
    if (wireguard) wireguard.peers = wireguard.peers.map((peer) => ({ ...peer, rxBytes: 9_000 }));
    flow('wg_24001', -3000, 10);
    expect((await agent.maintenance(signal)).traffic).toMatchObject({
      rxBytesPerSecond: 0,
      txBytesPerSecond: 10,
    });
  });

  it('that cannot be measured is an error', async () => {
    node.host.breaks.set('links.observe', new Error('ip is not installed'));
    await expect(agent.maintenance(signal)).rejects.toThrow('ip is not installed');
    expect((await agent.setMaintenance(true, signal)).errors.join()).toContain(
      'cannot measure the traffic: ip is not',
    );
  });
});
