import type { NodeSpec, PeerSpec, Scenario } from '../scenario/scenario.js';

/** A session as `GET sessions` of the documented dialect shows it. */
export interface SessionDocument {
  readonly uuid: string;
  readonly asn: number;
  readonly description: string;
  readonly status: number;
  readonly ipv4: string | null;
  readonly ipv6: string | null;
  readonly ipv6LinkLocal: string | null;
  readonly type: 'wireguard';
  readonly extensions: readonly string[];
  readonly interface: string;
  readonly endpoint: string | null;
  readonly port: number;
  readonly mtu: number;
  readonly credential: { readonly publicKey: string; readonly presharedKey?: string };
  readonly policy: string;
}

const extensions = {
  'extended-next-hop': ['mp-bgp', 'extended-nexthop'],
  'mp-bgp': ['mp-bgp'],
  separate: [],
} as const;

/** A peer's session, in the status given (a number of `status` in posts.ts). */
export function sessionDocument(
  peer: PeerSpec,
  secrets: { readonly publicKey: string; readonly presharedKey?: string | undefined },
  status: number,
): SessionDocument {
  const { kind, session } = peer;
  const dialled = `${peer.hostName ?? peer.address}:${peer.listenPort}`;
  return {
    uuid: session.uuid,
    asn: peer.asn,
    // Contact texts are written by strangers: this one tries to leave BIRD's string and to start a line of its own.
    description: `AS${peer.asn} "; } include "/etc/passwd";\n# {{asn}}`,
    status,
    ipv4: kind === 'extended-next-hop' ? null : peer.ipv4,
    ipv6: kind === 'separate' ? peer.ipv6 : null,
    ipv6LinkLocal: kind === 'separate' ? null : peer.linkLocal,
    type: 'wireguard',
    extensions: extensions[kind],
    interface: session.interface,
    endpoint: peer.dialsIn ? null : dialled,
    port: session.port,
    mtu: session.mtu,
    credential: {
      publicKey: secrets.publicKey,
      ...(secrets.presharedKey === undefined ? {} : { presharedKey: secrets.presharedKey }),
    },
    policy: 'full',
  };
}

/** `GET config`. */
export function configDocument(scenario: Scenario, node: NodeSpec) {
  const { id, name, loopbackIpv4, loopbackIpv6 } = node;
  return {
    node: { id, name, region: 'ap-northeast', asn: scenario.asn, loopbackIpv4, loopbackIpv6 },
    // A peer that is silent for a moment must not hold the next pass up.
    metric: { pingTimeout: 1, pingCount: 2 },
  };
}

/** `GET mesh`: the other nodes, each dialled at 51820 + the id of the node that asks. */
export function meshDocument(scenario: Scenario, node: NodeSpec, publicKeys: ReadonlyMap<string, string>) {
  const others = scenario.nodes.filter(({ id }) => id !== node.id);
  return {
    peers: others.map(({ id, name, address, loopbackIpv4, loopbackIpv6 }) => ({
      nodeId: id,
      name,
      endpoint: `${address}:${51_820 + node.id}`,
      publicKey: publicKeys.get(name) ?? '',
      loopbackIpv4,
      loopbackIpv6,
    })),
  };
}

/** `GET bird-config`. */
export function birdConfigDocument(scenario: Scenario, node: NodeSpec) {
  const { asn } = scenario;
  const others = scenario.nodes.filter(({ id }) => id !== node.id);
  return {
    configHash: `lab-${scenario.nodes.length}`,
    node: {
      id: node.id,
      name: node.name,
      type: 'client',
      bandwidth: '1G',
      regionCode: 101,
      loopbackIpv4: node.loopbackIpv4,
      loopbackIpv6: node.loopbackIpv6,
    },
    policy: {
      dn42As: String(asn),
      dn42Ipv4Prefix: scenario.ipv4Prefix,
      dn42Ipv6Prefix: scenario.ipv6Prefix,
      rpkiServers: [],
      ebgpImportLimit: 9000,
      ebgpExportLimit: 9000,
      ibgpImportLimit: 20_000,
      ibgpExportLimit: 30_000,
      asPathMaxLen: 10,
      communities: communities(),
      largeCommunities: largeCommunities(asn),
    },
    ibgpPeers: others.map(({ id, name, loopbackIpv4, loopbackIpv6 }) => ({
      nodeId: id,
      nodeName: name,
      nodeType: 'client',
      regionCode: 101,
      loopbackIpv4,
      loopbackIpv6,
      isRr: false,
    })),
  };
}

function communities() {
  const tiers = Array.from({ length: 9 }, (_, tier) => [`tier${tier}`, [64_511, tier + 1]]);
  return {
    latency: Object.fromEntries(tiers),
    bandwidth: { '100m_plus': [64_511, 21], '10g_plus': [64_511, 22], '1g_plus': [64_511, 23] },
    crypto: { none: [64_511, 31], unsafe: [64_511, 32], encrypted: [64_511, 33], latency: [64_511, 34] },
    region: { as_e: [64_511, 50] },
  };
}

function largeCommunities(asn: number) {
  return {
    origin: { as: [asn, 1, 100], na: [asn, 1, 200], eu: [asn, 1, 300], oc: [asn, 1, 400] },
    subregion: { as_e: [asn, 2, 101] },
    bandwidth: { '1g': [asn, 5, 1000], '100m': [asn, 5, 100] },
  };
}
