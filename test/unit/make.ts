import type { DesireMemory } from '../../src/core/desired/input.js';
import type { NodeSettings } from '../../src/core/desired/settings.js';
import type { BootstrapConfig } from '../../src/core/model/control-plane.js';
import type { Observed, ObservedLink, ObservedWireGuard } from '../../src/core/model/observed.js';
import { nothingPreserved } from '../../src/core/model/preserved.js';
import type { Session, SessionEntry } from '../../src/core/model/session.js';
import { asn } from '../../src/core/model/values/asn.js';
import { toBirdText } from '../../src/core/model/values/bird-text.js';
import { parseEndpoint } from '../../src/core/model/values/endpoint.js';
import { interfaceName } from '../../src/core/model/values/interface-name.js';
import { type Ipv4, type Ipv6, parseIpv4, parseIpv6 } from '../../src/core/model/values/ip.js';
import { sessionId } from '../../src/core/model/values/session-id.js';
import { wireGuardKey } from '../../src/core/model/values/wireguard-key.js';
import { ownKey } from '../../src/lab/simulated/machine/fake-host.js';

/** Valid things with short names; a test states only what it is about. */

export const peerKey = wireGuardKey.parse('IVJ0yS2B24wCDwAF+kvZIrMiUKAorDjLSfrXkFthfSU=');
export const otherKey = wireGuardKey.parse('mKNiXTqlcB/OeVkYA4Ag/JbyE5FB6fkT9tx6bEU2IlU=');
export { ownKey };

export function v4(text: string): Ipv4 {
  return parseIpv4(text) ?? fail(text);
}

export function v6(text: string): Ipv6 {
  return parseIpv6(text) ?? fail(text);
}

function fail(text: string): never {
  throw new Error(`not an address: ${text}`);
}

export function makeSession(
  part: Partial<Omit<Session, 'uuid' | 'interface'>> & { uuid?: string; interface?: string } = {},
): Session {
  const { uuid = 'abc-123', interface: name = 'wg_24001', ...rest } = part;
  return {
    status: 'active',
    asn: asn.parse(4242421080),
    description: toBirdText('a neighbor'),
    listenPort: 24001,
    mtu: 1420,
    endpoint: parseEndpoint('192.0.2.80:51820'),
    publicKey: peerKey,
    presharedKey: undefined,
    ipv4: undefined,
    ipv6: undefined,
    ipv6LinkLocal: v6('fe80::2'),
    mpBgp: true,
    extendedNextHop: true,
    policy: 'full',
    ...rest,
    uuid: sessionId.parse(uuid),
    interface: interfaceName.parse(name),
  };
}

export function makeEntry(part: Parameters<typeof makeSession>[0] = {}): SessionEntry {
  return { kind: 'session', session: makeSession(part) };
}

/** What an operator's file says who sets nothing. */
export const nodeSettings: NodeSettings = {
  nodeName: 'jp1',
  birdMode: 'full',
  keepaliveSeconds: 25,
  loopbackInterface: 'dummy0',
  sessions: [],
  policy: {
    roaUnknown: 'accept',
    blockedAsns: [],
    customers: [],
    ownPrefixes: [],
    whenAlone: 'drain',
    collector: undefined,
    throughDn42: [],
    neighborRanges: [],
  },
};

/** What a node remembers that has just been installed. */
export const noDesireMemory: DesireMemory = {
  latencyTiers: {},
  maintenance: false,
  withdrawal: undefined,
  sessions: { neighbors: {}, disabled: {}, readings: {}, refusedRoles: [], wereUp: new Set() },
  preserved: nothingPreserved,
  cacheAddresses: {},
  alone: { isAlone: false },
  reloadPending: false,
};

export const bootstrap: BootstrapConfig = {
  node: {
    id: 1,
    asn: asn.parse(4242420998),
    loopbackIpv4: v4('172.22.188.1'),
    loopbackIpv6: v6('fd00:4242:7777:101:1::1'),
  },
  bird: { controlSocket: undefined },
  wireguard: {
    privateKeyPath: undefined,
    publicKeyPath: undefined,
    persistentKeepaliveSeconds: undefined,
    ipv6LinkLocal: undefined,
  },
  metric: { pingTimeoutSeconds: undefined, pingCount: undefined },
  refused: [],
};

export function makeObserved(part: Partial<Observed> = {}): Observed {
  return {
    nowSeconds: 1_800_000_000,
    links: [],
    wireguard: [],
    bird: { running: true, version: '2.0.12', protocols: [] },
    birdFiles: new Map(),
    resolved: new Map(),
    unresolved: [],
    ...part,
  };
}

export function makeLink(part: Partial<ObservedLink> = {}): ObservedLink {
  return {
    name: 'wg_24001',
    alias: 'moenet-agent:abc-123',
    kind: 'tun',
    mtu: 1420,
    up: true,
    addresses: [],
    ...part,
  };
}

export function makeWireGuard(
  part: Partial<ObservedWireGuard> = {},
  peer: Partial<ObservedWireGuard['peers'][number]> = {},
): ObservedWireGuard {
  return {
    interface: 'wg_24001',
    privateKey: undefined,
    publicKey: ownKey,
    listenPort: 24001,
    peers: [
      {
        publicKey: peerKey,
        presharedKey: undefined,
        endpoint: '192.0.2.80:51820',
        allowedIps: ['0.0.0.0/0', 'fd00::/8', 'fe80::/64'],
        latestHandshakeSeconds: 0,
        rxBytes: 0,
        txBytes: 0,
        persistentKeepaliveSeconds: 25,
        ...peer,
      },
    ],
    ...part,
  };
}
