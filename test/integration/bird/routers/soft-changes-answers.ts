import type { PolicyName } from '../../../../src/core/model/policy-name.js';
import { fixture } from '../../../unit/adapters/control-plane/fixture.js';
import type { NodeAnswers } from './node-answers.js';

/** A neighbor of another AS, one for each policy, and one whose session is added and removed. */
export interface Neighbor {
  readonly name: string;
  readonly policy: PolicyName;
  readonly as: number;
  readonly interface: string;
  readonly protocol: string;
  readonly address: string;
  /** What it originates, and what it learned from somebody else. */
  readonly originated: readonly string[];
  readonly learned: readonly string[];
}

export const full = neighbor(1, 'full', 'full');
export const peer = neighbor(2, 'peer', 'peer');
/** Those that the node has sessions with from the start. */
export const settled: readonly Neighbor[] = [
  full,
  peer,
  neighbor(3, 'upstream', 'upstream'),
  neighbor(4, 'downstream', 'downstream'),
];
export const late = neighbor(5, 'late', 'full');
export const neighbors: readonly Neighbor[] = [...settled, late];

/** Nodes 1 and 2 of the documented network: 1 is the one that changes, 2 speaks iBGP with it over the mesh. */
export const addressOf = {
  loopbackIpv4: (id: number) => `172.22.188.${id}`,
  loopbackIpv6: (id: number) => `fd00:4242:7777:101:${id}::1`,
  linkLocal: (id: number) => `fe80::998:101:${id}:1`,
};

function neighbor(number: number, name: string, policy: PolicyName): Neighbor {
  const as = 4242420000 + number;
  return {
    name,
    policy,
    as,
    interface: `wg_${name}`,
    protocol: `dn42_${as}`,
    address: `fe80::${number}`,
    originated: [`172.21.${number}.0/24`, `fd42:${number}::/48`],
    learned: [`172.21.10${number}.0/24`, `fd42:10${number}::/48`],
  };
}

/** An item of `GET sessions`. */
export function sessionItem(of: Neighbor, changes: object = {}) {
  const { name, as, policy, address } = of;
  return {
    uuid: `session-${name}`,
    asn: as,
    status: 1,
    description: `AS${as}`,
    ipv6LinkLocal: address,
    mtu: 1420,
    interface: of.interface,
    endpoint: null,
    port: 20_000 + (as % 1000),
    credential: { publicKey: 'IVJ0yS2B24wCDwAF+kvZIrMiUKAorDjLSfrXkFthfSU=' },
    type: 'wireguard',
    extensions: ['mp-bgp', 'extended-nexthop'],
    policy,
    ...changes,
  };
}

/** The answers to a node: its documented policy without RPKI, the other node as mesh and iBGP peer. */
export function answersOf(id: number, sessions: readonly object[]): NodeAnswers {
  const other = 3 - id;
  const loopbacks = (of: number) => ({
    loopbackIpv4: addressOf.loopbackIpv4(of),
    loopbackIpv6: addressOf.loopbackIpv6(of),
  });
  const key = 'tbq1T+TQddQMF6b2drMwFvStNXCP5xrmufAKcfq9UAI=';
  const peers = [{ nodeId: other, nodeName: `node${other}`, ...loopbacks(other), publicKey: key }];
  const { policy, node } = fixture('documented/bird-config.json') as { policy: object; node: object };
  return {
    config: { node: { id, name: `node${id}`, asn: 4242420998, ...loopbacks(id) } },
    birdConfig: {
      node: { ...node, id, name: `node${id}`, ...loopbacks(id) },
      policy: { ...policy, rpkiServers: [] },
      ibgpPeers: peers,
    },
    mesh: { peers },
    sessions: { sessions },
    memory: { latencyTiers: {}, maintenance: false },
  };
}

/** The same network with another word or number wherever there is one: only ASN, prefixes and loopbacks stay. */
export function everythingChanged(answers: NodeAnswers): NodeAnswers {
  const { node, policy, ibgpPeers } = answers.birdConfig as BirdConfigAnswer;
  const moved = (table: CommunityAnswer, by: number) =>
    mapValues(table, (value) => [...value.slice(0, -1), (value.at(-1) ?? 0) + by]);
  return {
    ...answers,
    birdConfig: {
      configHash: 'another',
      node: {
        ...node,
        name: 'another',
        bandwidth: '10G',
        regionCode: 302,
        continentLc: 'LC_ORIGIN_EU',
        subregionLc: 'LC_REGION_EU_W',
        regionCommunity: 'DN42_REGION_EU',
        bandwidthCommunity: 'DN42_BW_10G_PLUS',
      },
      policy: {
        ...policy,
        rpkiServers: [{ name: 'nearest', host: '192.0.2.53', port: 8082 }],
        ebgpImportLimit: 7001,
        ebgpExportLimit: 7002,
        ibgpImportLimit: 7003,
        ibgpExportLimit: 7004,
        asPathMaxLen: 11,
        communities: moved(policy.communities, 100),
        largeCommunities: moved(policy.largeCommunities, 1000),
      },
      ibgpPeers: [
        ...ibgpPeers.map((each) => ({
          ...each,
          nodeName: 'another',
          nodeType: 'rr',
          isRr: true,
          regionCode: 302,
        })),
        {
          nodeId: 3,
          nodeName: 'node3',
          loopbackIpv4: addressOf.loopbackIpv4(3),
          loopbackIpv6: addressOf.loopbackIpv6(3),
        },
      ],
    },
  };
}

type CommunityAnswer = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

interface BirdConfigAnswer {
  readonly node: object;
  readonly policy: { readonly communities: CommunityAnswer; readonly largeCommunities: CommunityAnswer };
  readonly ibgpPeers: readonly object[];
}

function mapValues(
  table: CommunityAnswer,
  change: (value: readonly number[]) => readonly number[],
): CommunityAnswer {
  const inGroup = (group: Readonly<Record<string, readonly number[]>>) =>
    Object.fromEntries(Object.entries(group).map(([name, value]) => [name, change(value)]));
  return Object.fromEntries(Object.entries(table).map(([name, group]) => [name, inGroup(group)]));
}

/** Another operator's BIRD, written by hand: no code of ours knows of it. */
export function neighborsFile({ as, originated, learned }: Neighbor): string {
  const statics = (family: string, routes: readonly string[]) =>
    `protocol static { ${family}; ${routes.map((route) => `route ${route} unreachable;`).join(' ')} }`;
  const routes = [...originated, ...learned];
  return `
    router id 192.0.2.${as % 100};
    timeformat protocol iso long ms;
    protocol device { }
    ${statics(
      'ipv4',
      routes.filter((route) => !route.includes(':')),
    )}
    ${statics(
      'ipv6',
      routes.filter((route) => route.includes(':')),
    )}
    filter announce {
      if net ~ [ ${learned[0]} ] || net ~ [ ${learned[1]} ] then bgp_path.prepend(4242429999);
      accept;
    }
    protocol bgp node {
      local as ${as};
      neighbor ${addressOf.linkLocal(1)}%'to_node' as 4242420998;
      connect delay time 1;
      ipv4 { extended next hop; import all; export filter announce; };
      ipv6 { import all; export filter announce; };
    }
  `;
}
