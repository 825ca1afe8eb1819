import type { NodeSpec } from '../scenario/node-spec.js';
import { asn } from '../scenario/numbers.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import type { Scenario } from '../scenario/scenario.js';

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
    policy: peer.policy,
  };
}

/** `GET config`. */
export function configDocument({ id, name, region, loopbackIpv4, loopbackIpv6 }: NodeSpec) {
  return {
    node: { id, name, region: region.name, asn, loopbackIpv4, loopbackIpv6 },
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
