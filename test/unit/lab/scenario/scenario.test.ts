import { describe, expect, it } from 'vitest';
import {
  peerBirdConfig,
  peerTunnelAddresses,
  peerWireGuardConfig,
} from '../../../../src/lab/hosts/peer-config.js';
import { makeScenario, mostNodes, mostPeers, type PeerKind } from '../../../../src/lab/scenario/scenario.js';

const everyone = (scenario: ReturnType<typeof makeScenario>) => [
  ...scenario.peers,
  scenario.newcomer,
  scenario.pending,
];

describe('makeScenario', () => {
  it.each([
    [1, 1],
    [2, 3],
    [mostNodes, mostPeers],
  ])('gives %i nodes and %i peers names and addresses of their own', (nodes, peers) => {
    const scenario = makeScenario(nodes, peers);
    const unique = (values: readonly unknown[]) => expect(new Set(values).size).toBe(values.length);
    const all = everyone(scenario);
    unique(all.map(({ asn }) => asn));
    unique([...scenario.nodes, ...all].map(({ address }) => address));
    unique(all.map(({ ipv4Prefix }) => ipv4Prefix));
    unique(all.map(({ session }) => session.uuid));
    unique(all.map(({ session }) => session.interface));
    unique(all.map(({ session }) => session.port));
  });

  it('stays below the addresses that moved peers get', () => {
    const last = everyone(makeScenario(1, mostPeers)).map(({ address }) => Number(address.split('.').at(-1)));
    expect(Math.max(...last)).toBeLessThanOrEqual(150);
  });

  it('has every kind of session, a preshared key, a host name and one that dials in, with three peers', () => {
    const { peers } = makeScenario(2, 3);
    expect(new Set(peers.map(({ kind }) => kind)).size).toBe(3);
    expect(peers.filter(({ hasPresharedKey }) => hasPresharedKey)).toHaveLength(1);
    expect(peers.filter(({ hostName }) => hostName !== undefined)).toHaveLength(1);
    expect(peers.filter(({ dialsIn }) => dialsIn)).toHaveLength(1);
  });
});

describe('a peer’s own configuration', () => {
  const scenario = makeScenario(2, 3);
  const peerOf = (kind: PeerKind) => {
    const peer = scenario.peers.find((candidate) => candidate.kind === kind);
    if (!peer) throw new Error(`no peer of kind ${kind}`);
    return peer;
  };
  const secrets = { privateKey: 'PRIVATE', publicKey: 'PUBLIC', presharedKey: undefined };

  it('names the node’s link-local address and RFC 8950 next hops', () => {
    const text = peerBirdConfig(peerOf('extended-next-hop'), scenario);
    expect(text).toContain('neighbor fe80::998:101:1:1%wg0 as 4242420998;');
    expect(text).toContain('extended next hop on;');
  });

  it('has a protocol per family and no link-local address where the extensions are absent', () => {
    const peer = peerOf('separate');
    const text = peerBirdConfig(peer, scenario);
    expect(text.match(/^protocol bgp /gm)).toHaveLength(2);
    expect(JSON.stringify(peerTunnelAddresses(peer))).not.toContain('fe80');
  });

  it('has the preshared key where there is one, and keepalives where the peer dials in', () => {
    const plain = peerWireGuardConfig(peerOf('extended-next-hop'), secrets, 'NODE');
    expect(plain).not.toContain('PresharedKey');
    expect(plain).not.toContain('PersistentKeepalive');
    const shared = peerWireGuardConfig(peerOf('mp-bgp'), { ...secrets, presharedKey: 'PSK' }, 'NODE');
    expect(shared).toContain('PresharedKey = PSK');
    expect(peerWireGuardConfig(peerOf('separate'), secrets, 'NODE')).toContain('PersistentKeepalive');
  });
});
