import { describe, expect, it } from 'vitest';
import { peerBirdConfig } from '../../../../src/lab/hosts/peer-bird-config.js';
import { peerFrrConfig } from '../../../../src/lab/hosts/peer-frr-config.js';
import {
  peerAddresses,
  peerTunnelAddresses,
  peerWireGuardConfig,
} from '../../../../src/lab/hosts/peer-tunnel.js';
import type { PeerKind } from '../../../../src/lab/scenario/peer-spec.js';
import { makeScenario } from '../../../../src/lab/scenario/scenario.js';

describe('a peer’s own configuration', () => {
  const scenario = makeScenario(2, 3);
  const peerOf = (kind: PeerKind) => {
    const peer = scenario.peers.find((candidate) => candidate.kind === kind);
    if (!peer) throw new Error(`no peer of kind ${kind}`);
    return peer;
  };
  const secrets = { privateKey: 'PRIVATE', publicKey: 'PUBLIC', presharedKey: undefined };

  it('names the link-local address of the node that the peer was told, and RFC 8950 next hops', () => {
    const text = peerBirdConfig(peerOf('extended-next-hop'));
    expect(text).toContain('neighbor fe80::998%wg0 as 4242420998;');
    expect(peerBirdConfig(peerOf('mp-bgp'))).toMatch(/neighbor fe80::998:\d+:\d+:1%wg0 as 4242420998;/);
    expect(text).toContain('extended next hop on;');
  });

  it('has a protocol per family and no link-local address where the extensions are absent', () => {
    const peer = peerOf('separate');
    const text = peerBirdConfig(peer);
    expect(text.match(/^protocol bgp /gm)).toHaveLength(2);
    expect(JSON.stringify(peerTunnelAddresses(peer))).not.toContain('fe80');
  });

  it('speaks with the node over ULAs alone where its row has nothing else', () => {
    const { newcomer } = scenario;
    expect(peerBirdConfig(newcomer)).toContain(`neighbor ${newcomer.node.loopbackIpv6} as 4242420998;`);
    expect(JSON.stringify(peerTunnelAddresses(newcomer))).not.toMatch(/fe80|172/);
  });

  it('has the preshared key where there is one, and keepalives where the peer dials in', () => {
    const plain = peerWireGuardConfig(peerOf('extended-next-hop'), secrets, 'NODE');
    expect(plain).not.toContain('PresharedKey');
    expect(plain).not.toContain('PersistentKeepalive');
    const shared = peerWireGuardConfig(peerOf('mp-bgp'), { ...secrets, presharedKey: 'PSK' }, 'NODE');
    expect(shared).toContain('PresharedKey = PSK');
    expect(peerWireGuardConfig(peerOf('separate'), secrets, 'NODE')).toContain('PersistentKeepalive');
  });

  it('announces as learned from others what it does not originate', () => {
    const text = peerBirdConfig(peerOf('mp-bgp'));
    expect(text).toContain('route 172.23.8.0/24 unreachable;');
    expect(text).toContain('if net = 172.23.8.0/24 then { bgp_path.prepend(4242423999); }');
    expect(text).not.toContain('if net = 172.20.17.0/26');
  });

  it('announces the distant network over a longer path where the scenario has a network between', () => {
    const farther = makeScenario().peers.at(-1);
    expect(farther && peerBirdConfig(farther)).toContain(
      'if net = 172.23.8.0/24 then { bgp_path.prepend(4242423999); bgp_path.prepend(4242423998); }',
    );
  });

  it('leaves every timer to its daemon', () => {
    const all = makeScenario(3, 6, true).peers;
    expect(all.map(({ daemon }) => daemon)).toEqual(['BIRD', 'BIRD', 'FRR', 'BIRD', 'BIRD', 'BIRD']);
    for (const peer of all) expect(peerBirdConfig(peer)).not.toMatch(/hold|keepalive|connect|error/);
    for (const peer of all) expect(peerFrrConfig(peer)).not.toMatch(/timers|bfd/);
  });

  it('announces with FRR what it would with BIRD', () => {
    const text = peerFrrConfig(peerOf('separate'));
    expect(text).toContain('  network 172.20.18.0/26 route-map announce-0\n');
    expect(text).toContain('route-map announce-0 permit 10\nexit\n');
    expect(text).toContain('  network 172.21.18.0/26 route-map announce-1\n');
    expect(text).toContain('route-map announce-1 permit 10\n set as-path prepend 4242423002\nexit\n');
  });

  it('has an address in each network that is reached through it, and none in what it has no right to', () => {
    const addresses = peerAddresses(peerOf('extended-next-hop'));
    expect(addresses).toEqual(['172.20.16.1', 'fd42:4242:1000::1', '172.21.16.1', 'fd42:4242:3000::1']);
  });
});
