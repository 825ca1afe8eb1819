import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../../../src/shell/agent.js';
import { ControlPlaneError } from '../../../../src/shell/ports/control-plane-error.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry, v4 } from '../../make.js';
import { listWhatIsTold } from '../pass/crash-node.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;

beforeEach(async () => {
  node = makeFakeNode();
  listWhatIsTold(node);
  node.controlPlane.sessions = [makeEntry({ endpoint: undefined, ipv4: v4('172.20.5.9') })];
  agent = await node.startAgent();
  await round();
});

async function round(): Promise<void> {
  await agent.refresh(['sessions'], signal);
  await agent.pass();
}

/** The peer sends from an address; its last handshake was so many seconds ago. */
async function seenAt(endpoint: string | undefined, secondsAgo = 5): Promise<void> {
  const wireguard = node.host.wireguardTable.get('wg_24001');
  const latestHandshakeSeconds = Math.floor(node.host.nowMs / 1000) - secondsAgo;
  const peers = wireguard?.peers.map((peer) => ({ ...peer, endpoint, latestHandshakeSeconds }));
  Object.assign(wireguard ?? {}, { peers });
  await round();
}

const seen = () => node.controlPlane.told.seen;

describe('the public address that a peer is seen at', () => {
  it('is posted when the peer dials in and when it roams, not each pass, and not again after a restart', async () => {
    expect(seen()).toEqual([]);
    await seenAt('203.0.113.7:4000');
    await seenAt('203.0.113.7:4001');
    await seenAt('[2001:db8::9]:4001');
    agent = await node.startAgent();
    await seenAt('[2001:db8::9]:4001');
    expect(seen()).toEqual(['abc-123 203.0.113.7', 'abc-123 2001:db8::9']);
  });

  it.each([
    '192.168.1.7:4000',
    '10.0.0.7:4000',
    '100.64.1.1:4000',
    '172.20.5.9:4000',
    '[fd42:4242::7]:4000',
    '[fe80::7]:4000',
    undefined,
  ])('is never %s', async (endpoint) => {
    await seenAt(endpoint);
    expect(seen()).toEqual([]);
  });

  it.each([
    [-1, 0],
    [0, 1],
    [180, 1],
    [181, 0],
  ])(
    'is only what a fresh handshake proves: one of %i seconds ago is told %i times',
    async (secondsAgo, times) => {
      await seenAt('203.0.113.7:4000', secondsAgo);
      expect(seen()).toHaveLength(times);
    },
  );

  it("is not an address in the network's own block, be that public", async () => {
    node.controlPlane.birdConfig = {
      node: { isRouteReflector: false } as never,
      policy: {
        ipv4Prefix: '203.0.113.0/24' as never,
        rpkiServers: [],
        communities: {},
        largeCommunities: {},
      } as never,
      ibgpPeers: [],
      refused: [],
    };
    await agent.refresh(['birdConfig'], signal);
    await seenAt('203.0.113.7:4000');
    expect(seen()).toEqual([]);
  });

  it('is posted later where the control plane is away, and not again where it refuses it', async () => {
    const { postObservedEndpoint } = node.controlPlane;
    node.controlPlane.postObservedEndpoint = async () => {
      throw new ControlPlaneError('POST modify', { kind: 'unreachable', reason: 'connection refused' });
    };
    await seenAt('203.0.113.7:4000');
    expect(agent.status().controlPlane.reachable).toBe(false);
    node.controlPlane.postObservedEndpoint = postObservedEndpoint;
    await round();
    expect(seen()).toEqual(['abc-123 203.0.113.7']);
    expect(agent.status().controlPlane.reachable).toBe(true);
    let refusals = 0;
    node.controlPlane.postObservedEndpoint = async () => {
      refusals += 1;
      throw new ControlPlaneError('POST modify', { kind: 'unknown-node', reason: '404' });
    };
    await seenAt('203.0.113.8:4000');
    await round();
    expect(refusals).toBe(1);
    expect(agent.status().controlPlane.reachable).toBe(true);
  });

  it('is asked for again in the dialect that has the call, once that is spoken', async () => {
    const { postObservedEndpoint } = node.controlPlane;
    node.controlPlane.postObservedEndpoint = async () => false;
    await seenAt('203.0.113.7:4000');
    node.controlPlane.postObservedEndpoint = postObservedEndpoint;
    await round();
    expect(seen()).toEqual(['abc-123 203.0.113.7']);
  });
});
