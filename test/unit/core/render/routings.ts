import { readFileSync } from 'node:fs';
import { parseBirdConfig } from '../../../../src/adapters/control-plane/parse/parse-bird-config.js';
import { sessionBgpOptions } from '../../../../src/core/desired/options/session-bgp-options.js';
import { ebgpOptions } from '../../../../src/core/model/bgp-options.js';
import type { IbgpPeer } from '../../../../src/core/model/control-plane.js';
import { preservedSchema } from '../../../../src/core/model/preserved.js';
import { defaultPolicy, type RoutedSession, type Routing } from '../../../../src/core/model/routing.js';
import type { Session } from '../../../../src/core/model/session.js';
import type { SessionOptions } from '../../../../src/core/model/session-options.js';
import { type Asn, asn } from '../../../../src/core/model/values/asn.js';
import { toBirdText } from '../../../../src/core/model/values/bird-text.js';
import { interfaceName } from '../../../../src/core/model/values/interface-name.js';
import { type Prefix, parsePrefix } from '../../../../src/core/model/values/ip.js';
import { makeSession, v4, v6 } from '../../make.js';

const fixture = new URL('../../../fixtures/control-plane/documented/bird-config.json', import.meta.url);
const answer = parseBirdConfig(JSON.parse(readFileSync(fixture, 'utf8')));

const as = (number: number): Asn => asn.parse(number);

function block(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (prefix === undefined) throw new Error(`not a prefix: ${text}`);
  return prefix;
}

function routed(number: number, changes: Partial<Omit<Session, 'uuid' | 'interface'>> = {}): RoutedSession {
  const suffix = String(number % 10_000).padStart(4, '0');
  return {
    protocol: `dn42_${number}`,
    latencyTier: undefined,
    session: makeSession({
      uuid: `session-${suffix}`,
      asn: as(number),
      description: toBirdText(`AS${number}`),
      interface: `dn42_${number}`,
      ipv6LinkLocal: v6(`fe80::${suffix}`),
      ...changes,
    }),
  };
}

function ibgpPeer(nodeId: number, changes: Partial<IbgpPeer> = {}): IbgpPeer {
  return {
    nodeId,
    nodeName: toBirdText(`node${nodeId}`),
    loopbackIpv4: v4(`172.22.188.${nodeId}`),
    loopbackIpv6: v6(`fd00:4242:7777:101:${nodeId}::1`),
    isRouteReflector: false,
    ...changes,
  };
}

/** The node of the documented control plane's example answers: two sessions that run, one route reflector. */
export const documented: Routing = {
  collector: undefined,
  maintenance: false,
  protectedNetworks: [],
  mode: 'full',
  birdVersion: '2.0.12',
  node: {
    id: 1,
    name: toBirdText('jp1'),
    asn: as(4242420998),
    routerId: v4('172.22.188.1'),
    loopbackIpv4: v4('172.22.188.1'),
    loopbackIpv6: v6('fd00:4242:7777:101:1::1'),
    isRouteReflector: false,
    bandwidth: '1G',
    bandwidthCommunity: 'DN42_BW_1G_PLUS',
    regionCommunity: 'DN42_REGION_AS_E',
    continentLc: 'LC_ORIGIN_AS',
    subregionLc: 'LC_REGION_AS_E',
  },
  policy: {
    ...defaultPolicy,
    ipv4Prefix: block('172.22.188.0/26'),
    ipv6Prefix: block('fd00:4242:7777::/48'),
    ebgpImportLimit: 10_000,
    ebgpExportLimit: 5_000,
    ibgpImportLimit: 20_000,
    ibgpExportLimit: 30_000,
    asPathMaxLength: 5,
    rpkiServers: answer.policy.rpkiServers.map((server, index) => ({
      ...server,
      address: v4(`192.0.2.${201 + index}`),
    })),
    communities: answer.policy.communities,
    largeCommunities: answer.policy.largeCommunities,
  },
  sessions: [
    {
      protocol: 'dn42_4242421080',
      latencyTier: undefined,
      session: makeSession({ description: toBirdText('AS4242421080 - noc@example.dn42') }),
    },
    {
      protocol: 'dn42_4242422189',
      latencyTier: undefined,
      session: makeSession({
        uuid: 'abc-124',
        asn: as(4242422189),
        description: toBirdText(''),
        interface: 'wg_24002',
        ipv6LinkLocal: v6('fe80::2189'),
      }),
    },
  ],
  ibgpPeers: [ibgpPeer(2, { nodeName: toBirdText('hk-rr'), isRouteReflector: true })],
  meshInterfaces: [interfaceName.parse('dn42-wg-igp-2')],
};

const separate = { mpBgp: false, extendedNextHop: false };
const address4 = { ipv4: v4('172.23.91.128') };
const address6 = { ipv6: v6('fd42:4242:2189:ac::1') };

const sessionKinds: Routing = {
  ...documented,
  sessions: [
    routed(4242420001, { policy: 'full' }),
    routed(4242420002, { policy: 'peer', extendedNextHop: false }),
    routed(4242420003, { policy: 'upstream', extendedNextHop: false, ...address4 }),
    routed(4242420004, { policy: 'downstream', ...separate, ...address4, ...address6 }),
    routed(4242420005, { ...separate, ...address4, ipv6LinkLocal: undefined }),
    routed(4242420006, separate),
    routed(4242420007, { ...address6, ipv6LinkLocal: undefined }),
    routed(4242420008, { ...address4, ipv6LinkLocal: undefined, ipv6NextHop: v6('fd42:4242:2189:ac::2') }),
  ],
  ibgpPeers: [],
  meshInterfaces: [],
};

const reflector: Routing = {
  ...documented,
  birdVersion: '3.1.8',
  node: { ...documented.node, isRouteReflector: true },
  sessions: [],
  ibgpPeers: [
    ibgpPeer(11, { isRouteReflector: true }),
    ibgpPeer(3, { loopbackIpv6: undefined }),
    ibgpPeer(4, { loopbackIpv4: v4('10.127.0.4') }),
  ],
  meshInterfaces: ['dn42-wg-igp-3', 'dn42-wg-igp-11', 'dn42-wg-igp-4'].map((name) =>
    interfaceName.parse(name),
  ),
};

const ownOptions: SessionOptions = {
  prepend: 2,
  med: 50,
  localPreference: 90,
  importLimit: 500,
  exportLimit: 600,
  holdTime: 30,
  bfd: true,
  passive: true,
  addPaths: 'rx',
};

const sessionOptions: Routing = {
  ...documented,
  kernelTable: 42,
  sessions: [
    {
      ...routed(4242420001, { options: ownOptions }),
      options: sessionBgpOptions(ebgpOptions('full', undefined), ownOptions, undefined),
    },
    routed(4242420002),
  ],
};

const everyOption: Routing = {
  ...documented,
  maintenance: true,
  collector: { asn: as(4242422602), address: v6('fd42:d42:d42:179::1') },
  roaFallback: {
    saved: {
      atSeconds: 1_800_000_000,
      ipv4: ['172.20.0.0/24 max 28 as 4242420000'],
      ipv6: ['fd42::/48 max 64 as 4242420001'],
    },
    isUsed: true,
  },
  policy: {
    ...documented.policy,
    roaUnknown: 'reject',
    blockedAsns: [as(4242429999), as(4242420666)],
    ownPrefixes: [
      { prefix: block('172.22.189.0/27'), announceTo: ['full', 'upstream', as(4242420001)], originate: true },
      {
        prefix: block('fd42:4242:9999::/48'),
        via: interfaceName.parse('eth1.7'),
        announceTo: [],
        originate: true,
      },
      { prefix: block('172.23.0.53/32'), announceTo: ['peer'], originate: false },
      // The blocks of the network are ours already.
      { prefix: block('172.22.188.0/26'), announceTo: ['peer'], originate: true },
      { prefix: block('fd00:4242:7777::/48'), announceTo: ['peer'], originate: true },
    ],
    customers: [
      { asn: as(4242420003), asns: [as(4242420013), as(4242420012)] },
      { asn: as(4242420002), prefixes: [block('172.21.2.0/24')] },
      {
        asn: as(4242420001),
        asns: [],
        prefixes: ['172.21.9.0/24', '172.21.1.0/24', 'fd42:1::/48'].map(block),
      },
    ],
  },
  sessions: [{ ...routed(4242420001), latencyTier: 3 }],
  protectedNetworks: [
    { network: block('10.127.0.2/32'), what: ['loopback of node 2'], way: 'mesh' },
    { network: block('10.99.0.1/32'), what: ['control plane', 'resolver'], way: 'uplink' },
    { network: block('172.31.16.0/20'), what: ['network of eth0'], way: 'own' },
    { network: block('fd42:4242:53::53/128'), what: ['resolver'], way: 'uplink' },
    { network: block('fd42:9::2/128'), what: ['loopback of node 2'], way: 'mesh' },
    { network: block('fdaa:1::/64'), what: ['network of eth0'], way: 'own' },
  ],
};

/** Every kind of node, by the name of its directory under `golden/`. */
const [adoptedSession] = documented.sessions;
const adoptedPeer = documented.ibgpPeers[0]?.nodeId ?? 0;

/** The same node, taken over with one session and its reflector Established. */
const takenOver: Routing = {
  ...documented,
  preservedNode: {
    wish: '',
    routerId: v4('192.0.2.1'),
    hostname: 'jp1 by hand',
    deviceName: 'main_device',
    kernelIpv4: { name: 'kernel1', scanTime: 20 },
  },
  preserved: preservedSchema.parse({
    sessions: {
      [`moenet-agent:${adoptedSession?.session.uuid}`]: {
        wish: '',
        addresses: [],
        protocols: [
          {
            name: adoptedSession?.protocol,
            localAs: 4242420998,
            localAddress: 'fe80::1',
            neighbor: 'fe80::2',
            neighborAs: adoptedSession?.session.asn,
            interface: adoptedSession?.session.interface,
            options: ['graceful restart on', 'hold time 90'],
            channels: [
              { name: 'ipv4', options: ['extended next hop on'] },
              { name: 'ipv6', options: [] },
            ],
          },
        ],
      },
      [`moenet-agent:mesh:${adoptedPeer}`]: {
        wish: '',
        addresses: [],
        protocols: [
          {
            name: `ibgp_${adoptedPeer}`,
            localAs: 4242420998,
            localAddress: 'fd00:4242:7777:101:1::1',
            neighbor: 'fd00:4242:7777:101:2::1',
            neighborAs: 4242420998,
            options: ['multihop 8'],
            channels: [
              { name: 'ipv4', options: [] },
              { name: 'ipv6', options: ['add paths rx'] },
            ],
          },
          {
            name: `ibgp_${adoptedPeer}_v4`,
            localAs: 4242420998,
            localAddress: '172.22.188.1',
            neighbor: '172.22.188.2',
            neighborAs: 4242420998,
            options: [],
            channels: [{ name: 'ipv4', options: [] }],
          },
        ],
      },
    },
  }).sessions,
};

export const routings: Readonly<Record<string, Routing>> = {
  documented,
  'session-kinds': sessionKinds,
  'taken-over': takenOver,
  include: { ...documented, mode: 'include' },
  'every-option': everyOption,
  'session-options': sessionOptions,
  reflector: { ...reflector, birdVersion: '2.0.12' },
  'no-bird-config': {
    ...documented,
    policy: defaultPolicy,
    ibgpPeers: [],
    protectedNetworks: [{ network: block('172.22.188.1/32'), what: ['loopback of this node'], way: 'own' }],
  },
  'no-loopback-ipv4': {
    ...documented,
    node: { ...documented.node, routerId: v4('0.0.0.1'), loopbackIpv4: undefined },
  },
  bare: {
    ...documented,
    birdVersion: undefined,
    node: { ...documented.node, loopbackIpv4: undefined, loopbackIpv6: undefined },
    policy: defaultPolicy,
    sessions: [],
  },
};

/** As `reflector`, for a BIRD that knows more than the oldest. */
export const newerBird = reflector;
