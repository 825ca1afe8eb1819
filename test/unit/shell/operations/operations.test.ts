import { beforeEach, describe, expect, it } from 'vitest';
import { asn } from '../../../../src/core/model/values/asn.js';
import { wireGuardKey } from '../../../../src/core/model/values/wireguard-key.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry, otherKey } from '../../make.js';

const { signal } = new AbortController();
const session = { kind: 'session', asn: asn.parse(4242421080) } as const;
const protocol = 'dn42_4242421080';
let node: FakeNode;
let agent: Agent;

beforeEach(async () => {
  node = makeFakeNode();
  agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  shakeHands(10);
});

/** The tunnel's last handshake was so many seconds ago. */
function shakeHands(secondsAgo: number): void {
  const device = node.host.wireguardTable.get('wg_24001');
  const latestHandshakeSeconds = node.host.nowMs / 1000 - secondsAgo;
  if (device) device.peers = device.peers.map((peer) => ({ ...peer, latestHandshakeSeconds }));
}

function breakSession(state: string): void {
  const found = node.host.protocols.get(protocol);
  if (found?.bgp) found.bgp = { ...found.bgp, state };
}

const since = () => node.host.protocols.get(protocol)?.since;

describe('a session', () => {
  it('is shown as it is now, not as the last pass saw it', async () => {
    breakSession('Active');
    expect(await agent.operations.session(session.asn, signal)).toMatchObject({
      asn: session.asn,
      interface: 'wg_24001',
      tunnel: { exists: true, up: true, handshakeSecondsAgo: 10, isFresh: true, hasLinkLocal: true },
      bgp: { state: 'Active', since: undefined },
    });
    expect(await agent.operations.session(1, signal)).toBe(undefined);
  });

  it('is shown also where nothing of it is there', async () => {
    node.host.linkTable.delete('wg_24001');
    node.host.wireguardTable.delete('wg_24001');
    node.host.birdRunning = false;
    expect(await agent.operations.sessions(signal)).toMatchObject([
      {
        tunnel: { exists: false, up: false, isFresh: false, hasLinkLocal: false, traffic: undefined },
        bgp: { state: 'unknown' },
      },
    ]);
    node.host.birdRunning = true;
    node.host.protocols.clear();
    expect(await agent.operations.sessions(signal)).toMatchObject([{ bgp: { state: 'not_found' } }]);
  });
});

describe('a restart', () => {
  it('removes the WireGuard peer, lets a pass set it again, and restarts BGP', async () => {
    const done = await agent.operations.restart({ peer: session, tunnel: true, bgp: true }, signal);
    expect(done).toEqual({
      steps: [
        'WireGuard: removed the peer from wg_24001',
        'WireGuard: set the peer on wg_24001 again',
        `BGP: restarted ${protocol}`,
      ],
      error: undefined,
    });
    expect(node.host.wireguardTable.get('wg_24001')?.peers).toMatchObject([{ latestHandshakeSeconds: 0 }]);
    expect(since()).toBe('restarted');
  });

  it('says what does not work, and what was done', async () => {
    node.host.protocols.delete(protocol);
    const request = { peer: session, tunnel: false, bgp: true };
    expect(await agent.operations.restart(request, signal)).toEqual({
      steps: [],
      error: expect.stringContaining('No protocols match'),
    });
  });

  it('leaves an interface alone that is no longer marked as the agent made it', async () => {
    const link = node.host.linkTable.get('wg_24001');
    if (link) link.alias = 'somebody else';
    const peers = node.host.wireguardTable.get('wg_24001')?.peers;
    const done = await agent.operations.restart({ peer: session, tunnel: true, bgp: false }, signal);
    expect(done).toMatchObject({ steps: [], error: expect.stringContaining('wg_24001 does not exist') });
    expect(node.host.wireguardTable.get('wg_24001')?.peers).toEqual(peers);
  });

  it.each([{ kind: 'session', asn: asn.parse(1) } as const, { kind: 'ibgp', nodeId: 7 } as const])(
    'does not know %j',
    async (peer) => {
      expect(await agent.operations.restart({ peer, tunnel: true, bgp: true }, signal)).toBe(undefined);
    },
  );
});

describe('a repair', () => {
  it('does nothing where all is well', async () => {
    expect(await agent.operations.repair(signal)).toEqual([]);
    expect(since()).not.toBe('restarted');
  });

  it('puts lost addresses back at once, also while there is a pause after failures', async () => {
    const link = node.host.linkTable.get('wg_24001');
    if (link) link.addresses = [];
    node.host.breaks.set('links.apply', new Error('busy'));
    await agent.pass();
    node.host.breaks.clear();
    expect(await agent.operations.repair(signal)).toEqual([
      { asn: session.asn, interface: 'wg_24001', action: 'add_address', error: undefined },
    ]);
  });

  it('names what it could not repair', async () => {
    const link = node.host.linkTable.get('wg_24001');
    if (link) link.addresses = [];
    node.host.breaks.set('links.apply', new Error('busy'));
    expect(await agent.operations.repair(signal)).toMatchObject([
      { action: 'add_address', error: expect.stringContaining('busy') },
    ]);
  });

  it.each(['Idle', 'Connect', 'Active'])(
    'starts BGP over that is %s although the tunnel works',
    async (state) => {
      breakSession(state);
      expect(await agent.operations.repair(signal)).toMatchObject([
        { action: 'restart_bgp', error: undefined },
      ]);
      expect(since()).toBe('restarted');
    },
  );

  it.each(['OpenSent', 'OpenConfirm'])('does not disturb BGP that is %s', async (state) => {
    breakSession(state);
    expect(await agent.operations.repair(signal)).toEqual([]);
  });

  it('does not restart a session whose neighbor is offline', async () => {
    breakSession('Active');
    shakeHands(181);
    expect(await agent.operations.repair(signal)).toEqual([]);
    expect(since()).not.toBe('restarted');
  });
});

describe('probes', () => {
  it('are those of reports, and those that were asked for', async () => {
    await agent.report(signal);
    node.rttMs = undefined;
    expect(await agent.operations.probes.now(session.asn, signal)).toMatchObject({ error: 'no answer' });
    node.rttMs = new Error('fping: not installed');
    expect(await agent.operations.probes.now(session.asn, signal)).toMatchObject({
      error: 'fping: not installed',
    });
    const { target, history } = agent.operations.probes.of(session.asn) ?? {};
    expect(target).toBe('fe80::2%wg_24001');
    expect(history).toMatchObject({ made: 3, failed: 2, probes: [{ rttMs: 12.5, tier: 2 }, {}, {}] });
  });

  it('of an ASN that has no session any more are forgotten', async () => {
    await agent.report(signal);
    node.controlPlane.sessions = [
      makeEntry({ asn: asn.parse(4242420001), publicKey: wireGuardKey.parse(otherKey) }),
    ];
    await agent.refresh(['sessions'], signal);
    await agent.pass();
    await agent.report(signal);
    expect(agent.operations.probes.of(session.asn)).toBe(undefined);
    expect(agent.operations.probes.of(4242420001)?.history.made).toBe(1);
  });
});

it('communities are counted also without a policy', async () => {
  expect(await agent.operations.communities(signal)).toMatchObject({ totalRoutes: 0 });
});
