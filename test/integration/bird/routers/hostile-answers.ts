import type { NodeAnswers } from './node-answers.js';
import { answersOf, full, type Neighbor, peer, sessionItem } from './soft-changes-answers.js';

/** Where the texts of one set of answers come from. */
export interface Texts {
  /** For places where any text is taken. */
  free(): string;
  /** For places where only some texts are; undefined: leave the place, or the item that has it, out. */
  refused(): string | undefined;
  /** Also in the node's own keys, whose absence makes another node. */
  readonly everywhere: boolean;
}

/** The answers to a node with strings of `texts` in every place that has a string. */
export function answersWith(texts: Texts): NodeAnswers {
  const { free, refused } = texts;
  const answers = answersOf(1, []);
  const { policy, node, ibgpPeers } = answers.birdConfig as {
    readonly policy: CommunityPolicy;
    readonly node: object;
    readonly ibgpPeers: readonly object[];
  };
  const { config } = answers as unknown as { config: { node: object } };
  const { peers } = answers.mesh as { peers: readonly object[] };
  return {
    ...answers,
    config: {
      node: { ...config.node, name: free(), region: free(), location: free(), provider: free() },
      wireguard: { dn42Ipv6LinkLocal: refused(), privateKeyPath: refused() },
      bird: { controlSocket: refused() },
    },
    birdConfig: {
      configHash: free(),
      node: { ...node, ...nodeTexts(texts), name: free(), type: free() },
      policy: {
        ...policy,
        ...policyTexts(texts),
        ...communityTexts(texts, policy),
        rpkiServers: caches(texts),
      },
      ibgpPeers: [
        ...ibgpPeers.map((each) => ({ ...each, nodeName: free(), name: free(), nodeType: free() })),
        ...items(texts, ['nodeId', 'loopbackIpv4', 'loopbackIpv6'], () => ({
          nodeId: 9,
          nodeName: free(),
          loopbackIpv4: '172.22.188.9',
        })),
      ],
    },
    mesh: {
      peers: [
        ...peers.map((each) => ({ ...each, nodeName: free(), name: free(), nodeType: free() })),
        ...items(texts, ['nodeId', 'publicKey', 'endpoint', 'mtu', 'loopbackIpv4'], () => ({ nodeId: 8 })),
      ],
    },
    sessions: { sessions: sessionTexts(texts) },
  };
}

function sessionTexts(texts: Texts): object[] {
  const { free } = texts;
  const item = (of: Neighbor, changes: object) => ({
    [free()]: free(),
    ...sessionItem(of, {
      description: free(),
      name: free(),
      lastError: free(),
      data: { [free()]: free() },
      extensions: ['mp-bgp', 'extended-nexthop', free()],
      ...changes,
    }),
  });
  return [
    item(full, {}),
    item(peer, {}),
    ...items(texts, sessionKeys, (index) =>
      item(full, { uuid: `refused-${index}`, interface: `wg_r${index}`, port: 31_000 + index }),
    ),
  ];
}

const sessionKeys = [
  'uuid',
  'asn',
  'interface',
  'port',
  'mtu',
  'endpoint',
  'type',
  'policy',
  'credential',
  'ipv6',
  'ipv4',
];

/** One item for each key, with a text under that key for which the item must be refused. */
function items(
  { refused }: Texts,
  keys: readonly string[],
  make: (index: number) => object,
): readonly object[] {
  return keys.flatMap((key, index) => {
    const text = refused();
    return text === undefined ? [] : [{ ...make(index), [key]: text }];
  });
}

function nodeTexts({ refused, everywhere }: Texts): object {
  if (!everywhere) return {};
  const keys = [
    'bandwidth',
    'regionCode',
    'continentLc',
    'subregionLc',
    'regionCommunity',
    'bandwidthCommunity',
  ];
  return Object.fromEntries(keys.map((key) => [key, refused()]));
}

function policyTexts({ refused, everywhere }: Texts): object {
  if (!everywhere) return {};
  const keys = [
    'dn42As',
    'dn42Ipv4Prefix',
    'dn42Ipv6Prefix',
    'ebgpImportLimit',
    'ibgpExportLimit',
    'asPathMaxLen',
  ];
  return Object.fromEntries(keys.map((key) => [key, refused()]));
}

interface CommunityPolicy {
  readonly communities: Readonly<Record<string, object>>;
  readonly largeCommunities: Readonly<Record<string, object>>;
}

function communityTexts(texts: Texts, { communities, largeCommunities }: CommunityPolicy): object {
  return {
    communities: tableWith(texts, communities, [64511, 99]),
    largeCommunities: tableWith(texts, largeCommunities, [4242420998, 9, 9]),
  };
}

/** More groups and more names, none of which is a name; and values that are none. */
function tableWith({ refused }: Texts, table: Readonly<Record<string, object>>, value: readonly number[]) {
  const named = (make: (name: string) => object) => {
    const name = refused();
    return name === undefined ? {} : make(name);
  };
  const groups = Object.entries(table).map(([group, entries]) => [
    group,
    {
      ...entries,
      ...named((name) => ({ [name]: value })),
      ...named((text) => ({ more: [text, ...value.slice(1)] })),
    },
  ]);
  return { ...Object.fromEntries(groups), ...named((name) => ({ [name]: { more: value } })) };
}

function caches(texts: Texts): object[] {
  const cache = { name: 'near', host: '192.0.2.1', port: 8082 };
  return [
    { ...cache, name: `x${texts.free()}` },
    ...items(texts, ['host', 'port'], (index) => ({ ...cache, name: `refused${index}` })),
  ];
}
