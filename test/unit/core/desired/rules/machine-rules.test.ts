import { describe, expect, it } from 'vitest';
import { desireMesh } from '../../../../../src/core/desired/mesh.js';
import { findOwned } from '../../../../../src/core/desired/owned.js';
import { endpointFacts, peerAddresses } from '../../../../../src/core/desired/rules/endpoint-rules.js';
import type { MeshPeer } from '../../../../../src/core/model/control-plane.js';
import type { Observed } from '../../../../../src/core/model/observed.js';
import { toBirdText } from '../../../../../src/core/model/values/bird-text.js';
import { parseEndpoint } from '../../../../../src/core/model/values/endpoint.js';
import { wireGuardKey } from '../../../../../src/core/model/values/wireguard-key.js';
import { makeEntry, makeObserved, makeWireGuard, nodeSettings, otherKey, ownKey } from '../../../make.js';
import { judge, linkOf, machine, node, reasonFor } from './judged.js';

const running = linkOf('wg_24001', [], 'moenet-agent:abc-123');

describe("a session's port", () => {
  const holders = { ...machine, udpHolders: new Map([[24001, 'dnsmasq (pid 412)']]) };

  it.each([
    [22, 'SSH'],
    [53, 'DNS'],
    [67, 'DHCP'],
    [68, 'DHCP'],
    [123, 'NTP'],
    [179, 'BGP'],
    [500, 'IKE'],
    [514, 'syslog'],
    [546, 'DHCPv6'],
    [547, 'DHCPv6'],
    [24368, "the agent's HTTP API"],
    [24369, "the agent's HTTP API"],
  ])('%i is already used by %s', (listenPort, holder) => {
    expect(reasonFor([makeEntry({ listenPort })])).toBe(`port: ${listenPort} is already used by ${holder}`);
  });

  it('is refused if a program listens on it, and the program is named', () => {
    expect(reasonFor([makeEntry()], holders)).toBe('port: 24001 is already used by dnsmasq (pid 412)');
  });

  it('is refused if a foreign WireGuard interface listens on it', () => {
    const wireguard = [makeWireGuard({ interface: 'wg0' })];
    expect(reasonFor([makeEntry()], { ...machine, wireguard })).toBe(
      'port: 24001 is already used by interface wg0',
    );
  });

  it.each([24001, 53, 24369])('%i is no conflict where the tunnel itself has it', (listenPort) => {
    const observed = { links: [running], wireguard: [makeWireGuard({ listenPort })] };
    expect(reasonFor([makeEntry({ listenPort })], observed)).toBe(undefined);
  });

  it('is no conflict where the tunnel itself cannot be read, and may well have it', () => {
    const unread = { reason: '', server: undefined };
    const wireguard = [makeWireGuard({ listenPort: 0, unread })];
    const udpHolders = new Map([[24001, 'wireguard-go (pid 412)']]);
    expect(reasonFor([makeEntry()], { ...machine, links: [running], wireguard, udpHolders })).toBe(undefined);
    expect(reasonFor([makeEntry()], { ...machine, wireguard, udpHolders })).toMatch(/wireguard-go/);
  });

  it('may be that of another tunnel of the agent, which is to go', () => {
    const links = [linkOf('wg_old', [], 'moenet-agent:old')];
    expect(reasonFor([makeEntry()], { links, wireguard: [makeWireGuard({ interface: 'wg_old' })] })).toBe(
      undefined,
    );
  });
});

describe("a session's interface", () => {
  it.each([
    ...[
      'eth0',
      'enp3s0',
      'ens18',
      'wlan0',
      'wlp2s0',
      'docker0',
      'br-4f1c00',
      'veth12ab',
      'bond0',
      'team0',
      'virbr0',
    ],
    ...[
      'dummy1',
      'tun0',
      'tap0',
      'ppp0',
      'vmbr0',
      'lxcbr0',
      'tailscale0',
      'lo0',
      'vxlan.calico',
      'sit0',
      'cni0',
    ],
  ])('%s is refused, also if none has that name', (name) => {
    expect(reasonFor([makeEntry({ interface: name })])).toBe(
      `interface: ${name} is a name that the operating system gives to its own interfaces; choose another name, such as dn42_ and the ASN's last digits`,
    );
  });

  it.each([
    ['dn42-wg-igp-9', 'is a name for tunnels of the mesh'],
    ['dummy0', "is the interface of this node's loopback addresses"],
  ])('%s is refused: it %s', (name, why) => {
    expect(reasonFor([makeEntry({ interface: name })])).toBe(
      `interface: ${name} ${why}; choose another name, such as dn42_ and the ASN's last digits`,
    );
  });

  it.each(['dn42_1080', 'dn42-4242421080', 'wg_24001', 'wg0', 'AS4242421080', 'peer.hk', 'tokyo', 'bondi'])(
    '%s is a good name',
    (name) => {
      expect(reasonFor([makeEntry({ interface: name })])).toBe(undefined);
    },
  );

  it('stays with a session that has it since before the rule', () => {
    const links = [linkOf('tun7', [], 'moenet-agent:abc-123')];
    expect(reasonFor([makeEntry({ interface: 'tun7' })], { links })).toBe(undefined);
  });
});

const badEndpoints: readonly (readonly [string, string])[] = [
  ['127.0.0.1', 'a loopback address'],
  ['127.8.9.10', 'a loopback address'],
  ['0.0.0.0', 'an unspecified address'],
  ['0.1.2.3', 'an unspecified address'],
  ['::', 'an unspecified address'],
  ['::1', 'a loopback address'],
  ['224.0.0.1', 'a multicast address'],
  ['ff02::1', 'a multicast address'],
  ['255.255.255.255', 'the broadcast address'],
  ['169.254.169.254', 'a link-local address'],
  ['fe80::1', 'a link-local address'],
  ['::ffff:c000:250', 'an IPv4 address in IPv6 form'],
  ['::ffff:0:c000:250', 'an IPv4 address in IPv6 form'],
  ['198.51.100.7', 'an address of this machine (wan0)'],
  ['fd12:99::5', 'an address of this machine (eth0)'],
];

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);
const named = parseEndpoint('peer.example.net:51820');
const resolving = (...addresses: string[]): Partial<Observed> => ({
  ...machine,
  resolved: new Map([['peer.example.net', addresses]]),
});

describe("a session's endpoint", () => {
  it.each(badEndpoints)('%s is refused: %s', (address, what) => {
    const endpoint = parseEndpoint(`${bracketed(address)}:51820`);
    expect(endpoint).toBeDefined();
    expect(reasonFor([makeEntry({ endpoint })])).toBe(`endpoint: ${address} is ${what}, not a peer's`);
  });

  it.each(['192.0.2.80', '100.64.0.9', '10.1.2.3', '2001:db8::9', '64:ff9b::102:304'])(
    '%s may be one',
    (address) => {
      const endpoint = parseEndpoint(`${bracketed(address)}:51820`);
      expect(reasonFor([makeEntry({ endpoint })])).toBe(undefined);
    },
  );

  it.each(badEndpoints)('is held where its name has only %s: %s', (address, what) => {
    expect(reasonFor([makeEntry({ endpoint: named })], resolving(address))).toBe(
      `endpoint: peer.example.net resolves to ${address} (${what}), which is not a peer's`,
    );
  });

  it('is accepted if its name also has a good address; only that one is used', () => {
    const observed = resolving('127.0.0.1', '192.0.2.80', 'fe80::1');
    expect(reasonFor([makeEntry({ endpoint: named })], observed)).toBe(undefined);
    const facts = endpointFacts(observed.links ?? [], observed.resolved ?? new Map());
    expect(peerAddresses(facts)).toEqual(new Map([['peer.example.net', ['192.0.2.80']]]));
    const nobody = endpointFacts([], new Map([['peer.example.net', ['127.0.0.1']]]));
    expect(peerAddresses(nobody)).toEqual(new Map());
  });

  it('whose name does not resolve is waited for', () => {
    expect(reasonFor([makeEntry({ endpoint: named })])).toBe(undefined);
  });

  it('does not break a tunnel that works when its name goes bad', () => {
    const { links = [] } = machine;
    const found = judge([makeEntry({ endpoint: named })], {
      ...resolving('0.0.0.0'),
      links: [...links, running],
    });
    expect(found.sessions).toHaveLength(1);
    expect(found.warnings).toEqual([
      "session abc-123 (AS4242421080): peer.example.net resolves to 0.0.0.0 (an unspecified address), which is not a peer's; the tunnel keeps the endpoint that it has",
    ]);
  });

  it('is not inside its own tunnel', () => {
    const endpoint = parseEndpoint('172.20.5.9:51820');
    expect(reasonFor([makeEntry({ endpoint, ipv4: '172.20.5.9' as never })])).toBe(
      "endpoint: 172.20.5.9 is the neighbor's address inside the tunnel, which this node reaches only through the tunnel",
    );
  });
});

describe('a mesh peer', () => {
  const peer: MeshPeer = {
    nodeId: 2,
    nodeName: toBirdText('hk1'),
    publicKey: wireGuardKey.parse(otherKey),
    endpoint: parseEndpoint('192.0.2.2:51821'),
    mtu: 1420,
    loopbackIpv4: undefined,
    loopbackIpv6: undefined,
    isRouteReflector: false,
  };
  const own = linkOf('dn42-wg-igp-2', [], 'moenet-agent:mesh:2');

  function reasonOf(
    part: Partial<MeshPeer>,
    observed: Partial<Observed>,
    holders = new Map<number, string>(),
  ) {
    const all = makeObserved(observed);
    const ownTunnels = new Set(all.links.filter(({ alias }) => alias).map(({ name }) => name));
    const facts = {
      ports: { holders, wireguard: all.wireguard, ownTunnels, apiPort: 24368 },
      endpoints: endpointFacts(all.links, all.resolved),
      own: { publicKey: ownKey },
    };
    const [found] = desireMesh(
      { peers: [{ ...peer, ...part }], refused: [] },
      { node, settings: nodeSettings, owned: findOwned(all, []) },
      [],
      facts,
    );
    expect(found?.tunnel === undefined).toBe(found?.reason !== undefined);
    return found?.reason;
  }

  it('has no tunnel if its public key is this node’s own, as on a cloned machine', () => {
    expect(reasonOf({ publicKey: wireGuardKey.parse(ownKey) }, machine)).toBe(
      "the public key is this node's own, not the peer's; if one node is a copy of the other, give it its own private key",
    );
    expect(reasonOf({ publicKey: wireGuardKey.parse(otherKey) }, machine)).toBe(undefined);
  });

  it('has no tunnel while its listen port is in use, and the user is named', () => {
    expect(reasonOf({}, machine, new Map([[51822, 'dnsmasq (pid 412)']]))).toBe(
      'its listen port 51822 is already used by dnsmasq (pid 412)',
    );
    const wireguard = [makeWireGuard({ interface: 'wg0', listenPort: 51822 })];
    expect(reasonOf({}, { wireguard })).toBe('its listen port 51822 is already used by interface wg0');
    const itself = [makeWireGuard({ interface: 'dn42-wg-igp-2', listenPort: 51822 })];
    expect(reasonOf({}, { links: [own], wireguard: itself })).toBe(undefined);
  });

  it.each(badEndpoints)('is not dialled at %s: %s', (address, what) => {
    const endpoint = parseEndpoint(`${bracketed(address)}:51821`);
    expect(reasonOf({ endpoint }, machine)).toBe(`its endpoint ${address} is ${what}, not a peer's`);
  });

  it('is not dialled if its name has no good address; a working tunnel stays', () => {
    const { links = [] } = machine;
    expect(reasonOf({ endpoint: named }, resolving('127.0.0.1'))).toBe(
      "its endpoint peer.example.net resolves to 127.0.0.1 (a loopback address), which is not a peer's",
    );
    expect(reasonOf({ endpoint: named }, { ...resolving('127.0.0.1'), links: [...links, own] })).toBe(
      undefined,
    );
  });
});
