import { describe, expect, it } from 'vitest';
import { endpointDependencies, loopbackDependencies } from '../../../../src/core/desired/dependencies.js';
import type { DesiredMeshPeer } from '../../../../src/core/desired/mesh.js';
import { identifyNode } from '../../../../src/core/desired/node.js';
import { meshOnly, type ProtectedInput, protectedNetworks } from '../../../../src/core/desired/protected.js';
import { describeProtected } from '../../../../src/core/desired/say-protected.js';
import type { ObservedLink, Surroundings } from '../../../../src/core/model/observed.js';
import { toBirdText } from '../../../../src/core/model/values/bird-text.js';
import { parseEndpoint } from '../../../../src/core/model/values/endpoint.js';
import { type IpAddress, type Prefix, parseIp, parsePrefix } from '../../../../src/core/model/values/ip.js';
import { bootstrap, makeLink, makeSession, makeWireGuard, v4, v6 } from '../../make.js';

const ip = (text: string): IpAddress => parseIp(text) ?? expect.fail(text);
const prefix = (text: string): Prefix => parsePrefix(text) ?? expect.fail(text);
const noSurroundings: Surroundings = { controlPlane: [], resolvers: [], rtrCaches: [] };

interface Case extends Partial<Omit<ProtectedInput, 'observed'>> {
  readonly links?: readonly ObservedLink[];
  readonly wireguard?: ProtectedInput['observed']['wireguard'];
  readonly surroundings?: Partial<Surroundings>;
}

function networksOf({ links = [], wireguard = [], surroundings = {}, ...rest }: Case) {
  return protectedNetworks({
    observed: { links, wireguard, surroundings: { ...noSurroundings, ...surroundings } },
    dependencies: [],
    ownBlocks: [prefix('172.22.188.0/26'), prefix('fd00:4242:7777::/48')],
    throughDn42: [],
    ...rest,
  });
}

const shown = (of: Case) => networksOf(of).map(({ network, what }) => `${network} ${what.join(', ')}`);

function link(name: string, kind: string | undefined, ...addresses: readonly string[]): ObservedLink {
  return makeLink({
    name,
    kind,
    alias: undefined,
    addresses: addresses.map((text) => {
      const [local = '', length] = text.split('/');
      return { local, prefixLength: Number(length), peer: undefined };
    }),
  });
}

describe('protected networks', () => {
  it('are also the proxy that the control plane is asked through', () => {
    expect(shown({ surroundings: { proxy: [ip('172.20.9.1')] } })).toEqual([
      '172.20.9.1/32 proxy to the control plane',
    ]);
  });

  it('are the control plane, the resolvers and the RPKI caches, in order, each once with all that it is', () => {
    const surroundings = {
      controlPlane: [ip('10.99.0.1'), ip('fd99::1')],
      resolvers: [ip('172.31.0.2'), ip('10.99.0.1'), ip('10.5.0.3')],
      rtrCaches: [ip('10.5.0.3')],
    };
    const expected = [
      '10.5.0.3/32 RPKI cache, resolver',
      '10.99.0.1/32 control plane, resolver',
      '172.31.0.2/32 resolver',
      'fd99::1/128 control plane',
    ];
    expect(shown({ surroundings })).toEqual(expected);
    const turned = {
      controlPlane: surroundings.controlPlane.toReversed(),
      resolvers: surroundings.resolvers.toReversed(),
    };
    expect(shown({ surroundings: { ...surroundings, ...turned } })).toEqual(expected);
  });

  it('are not public addresses: no route to them is accepted, and their changes must not make BIRD load anew', () => {
    const publics = ['1.1.1.1', '192.168.1.1', '172.19.0.1', '100.64.0.1', '2001:db8::1'].map(ip);
    const surroundings = { controlPlane: publics, resolvers: publics, rtrCaches: publics };
    const links = [link('eth0', undefined, '203.0.113.5/24', '2001:db8::5/64')];
    expect(shown({ surroundings, links })).toEqual([]);
  });

  it('are not in our own blocks, which no neighbor may announce parts of', () => {
    const surroundings = { controlPlane: [ip('172.22.188.2')], resolvers: [ip('fd00:4242:7777:101:2::1')] };
    expect(shown({ surroundings, links: [link('eth1', undefined, '172.22.188.33/28')] })).toEqual([]);
    expect(shown({ surroundings, ownBlocks: [] })).toHaveLength(2);
  });

  it('are not DN42’s own resolvers, which everybody may announce', () => {
    const anycast = ['172.20.0.53', '172.23.0.53', 'fd42:d42:d42:54::1'].map(ip);
    expect(shown({ surroundings: { resolvers: anycast } })).toEqual([]);
    expect(shown({ surroundings: { controlPlane: anycast } })).toHaveLength(3);
  });

  it('are not what the operator reaches through DN42', () => {
    const surroundings = { resolvers: [ip('172.21.7.53')], rtrCaches: [ip('10.127.3.4')] };
    const throughDn42 = [prefix('172.21.7.53/32'), prefix('10.127.0.0/16')];
    expect(shown({ surroundings })).toHaveLength(2);
    expect(shown({ surroundings, throughDn42 })).toEqual([]);
  });
});

describe('of the machine’s interfaces are protected', () => {
  it('the networks of those that lead to other machines', () => {
    const links = [
      link('eth0', undefined, '172.31.16.9/20', 'fdaa:1::9/64', 'fe80::1/64'),
      link('br0', 'bridge', '10.3.4.5/32'),
    ];
    expect(shown({ links })).toEqual([
      '10.3.4.5/32 network of br0',
      '172.31.16.0/20 network of eth0',
      'fdaa:1::/64 network of eth0',
    ]);
  });

  it.each(['wireguard', 'tun', 'gre', 'sit', 'ipip', 'vti', 'xfrm', 'dummy', 'vxlan', 'ppp'])(
    'none of a %s device, such as a tunnel made by hand, whose neighbor announces the prefix that its address is in',
    (kind) => expect(shown({ links: [link('hand0', kind, '172.20.5.1/27', 'fd42:5::1/64')] })).toEqual([]),
  );

  it('none of lo, of the agent’s tunnels and of other WireGuard interfaces', () => {
    const own = { ...link('wg_1', 'veth', '10.1.1.1/24'), alias: 'moenet-agent:abc-123' };
    const links = [link('lo', undefined, '10.2.2.2/24'), own, link('wg_9', undefined, '10.3.3.3/24')];
    expect(shown({ links, wireguard: [makeWireGuard({ interface: 'wg_9' })] })).toEqual([]);
  });

  it('none that is an address with a peer', () => {
    const addresses = [{ local: '10.1.1.1', prefixLength: 32, peer: '10.1.1.2' }];
    expect(shown({ links: [{ ...link('eth0', undefined), addresses }] })).toEqual([]);
  });

  it('the gateway, also if it is in no network of the machine, but not one behind a tunnel', () => {
    const gateways = [
      { address: ip('172.31.1.1'), interface: 'eth0' },
      { address: ip('10.8.0.1'), interface: 'tun0' },
    ];
    const links = [link('eth0', undefined, '203.0.113.5/32'), link('tun0', 'tun', '10.8.0.2/24')];
    expect(shown({ links, surroundings: { gateways } })).toEqual(['172.31.1.1/32 gateway of eth0']);
  });
});

describe('of tunnels and nodes are protected', () => {
  const node = identifyNode('jp1', bootstrap, undefined);
  const session = (endpoint: string) => ({
    session: makeSession(),
    protocol: 'dn42_4242421080',
    tunnel: { peer: { endpoint: parseEndpoint(endpoint) } },
  });

  it('the addresses of endpoints, all that a name has', () => {
    const sessions = ['10.1.1.1:1', '[fd01::1]:1', 'peer.example.net:1', '192.0.2.1:1', 'gone.example.net:1'];
    const resolved = new Map([['peer.example.net', ['10.1.1.3', '10.1.1.2']]]);
    const dependencies = endpointDependencies(sessions.map(session) as never, [], resolved);
    expect(shown({ dependencies })).toEqual(
      ['10.1.1.1/32', '10.1.1.2/32', '10.1.1.3/32', 'fd01::1/128'].map(
        (network) => `${network} endpoint of AS4242421080`,
      ),
    );
  });

  it('the loopbacks of our nodes that are outside our own blocks, as the mesh and as iBGP know them', () => {
    const peer = { nodeName: toBirdText('hk'), isRouteReflector: false };
    const loopbacks = { loopbackIpv4: v4('10.127.0.2'), loopbackIpv6: v6('fd00:4242:7777:101:2::1') };
    const mesh = [{ ...peer, ...loopbacks, nodeId: 2 }];
    const ibgp = [{ ...peer, nodeId: 3, loopbackIpv4: undefined, loopbackIpv6: v6('fd33::3') }];
    const snapshot = { mesh: { peers: mesh, refused: [] }, birdConfig: { ibgpPeers: ibgp } } as never;
    const dependencies = loopbackDependencies(node, snapshot, []);
    expect(shown({ dependencies })).toEqual([
      '10.127.0.2/32 loopback of node 2',
      'fd33::3/128 loopback of node 3',
    ]);
    expect(shown({ dependencies, ownBlocks: [] })).toContain('172.22.188.1/32 loopback of this node');
  });
});

describe('reached over the mesh or not at all', () => {
  const peer = {
    nodeName: toBirdText('hk'),
    isRouteReflector: false,
    loopbackIpv6: undefined,
  };
  const peers = [2, 3].map((nodeId) => ({ ...peer, nodeId, loopbackIpv4: v4(`10.127.0.${nodeId}`) }));
  const node = identifyNode('jp1', bootstrap, undefined);
  const snapshot = { mesh: { peers, refused: [] }, birdConfig: { ibgpPeers: peers.slice(0, 1) } } as never;
  const mesh: DesiredMeshPeer[] = [2, 3].map((nodeId) => ({ nodeId, tunnel: {} }) as never);
  const dependencies = loopbackDependencies(node, snapshot, mesh);

  it('are loopbacks of nodes with a tunnel and iBGP', () => {
    expect(meshOnly(networksOf({ dependencies }))).toEqual(['10.127.0.2/32']);
    const waiting = [{ nodeId: 2, tunnel: undefined } as never, ...mesh.slice(1)];
    for (const others of [[], waiting])
      expect(meshOnly(networksOf({ dependencies: loopbackDependencies(node, snapshot, others) }))).toEqual(
        [],
      );
  });

  it('are none that is the endpoint of a tunnel as well, or in a network of the machine', () => {
    const endpoint = { address: v4('10.127.0.2'), what: 'endpoint of node 2', way: 'uplink' } as const;
    expect(meshOnly(networksOf({ dependencies: [...dependencies, endpoint] }))).toEqual([]);
    const links = [link('eth0', undefined, '10.127.0.1/24')];
    expect(meshOnly(networksOf({ dependencies, links }))).toEqual([]);
  });
});

describe('what an operator is told', () => {
  it('is of what this node depends on among DN42’s addresses, and what to do', () => {
    const surroundings = { rtrCaches: [ip('172.20.7.7'), ip('10.5.0.3')] };
    const links = [link('br-1', 'bridge', '172.21.0.1/16'), link('eth1', undefined, '172.23.5.1/24')];
    expect(describeProtected(networksOf({ surroundings, links }))).toEqual([
      'this node depends on 172.20.7.7/32 (RPKI cache), so BIRD refuses routes of neighbors to it; if this node reaches it through DN42, add it to policy.throughDn42',
      expect.stringContaining('172.21.0.0/16 (network of br-1)'),
    ]);
  });

  it('is not of an address in a small network that the machine is a host of', () => {
    const surroundings = { resolvers: [ip('172.23.5.53')] };
    const links = [link('eth1', undefined, '172.23.5.1/24')];
    expect(describeProtected(networksOf({ surroundings, links }))).toEqual([]);
  });
});
