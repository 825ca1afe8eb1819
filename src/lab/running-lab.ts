import { type AnyLab, untilPassIsOver } from './any-lab.js';
import type { NodeHost } from './hosts/node-host.js';
import type { PeerHost } from './hosts/peer-host.js';
import type { View } from './hosts/view.js';
import type { PeerSpec } from './scenario/peer-spec.js';

/** The lab in namespaces while it runs. */
export interface Lab extends AnyLab {
  readonly nodes: readonly NodeHost[];
  /** Grows by the newcomer. */
  readonly peers: PeerHost[];
  view: View;
}

/** The node on which a peer's session runs. */
export function nodeOf(lab: Lab, { node }: Pick<PeerSpec, 'node'>): NodeHost {
  const host = lab.nodes.find(({ spec }) => spec.name === node.name);
  if (!host) throw new Error(`the lab has no node ${node.name}`);
  return host;
}

/** The host of a peer. */
export function peerHost(lab: Lab, peer: PeerSpec): PeerHost {
  const host = lab.peers.find(({ spec }) => spec.asn === peer.asn);
  if (!host) throw new Error(`AS${peer.asn} has no host`);
  return host;
}

/** Someone runs `ip` on a node, between two passes. */
export async function ipBetweenPasses(
  lab: Lab,
  node: PeerSpec['node'],
  args: readonly string[],
): Promise<void> {
  const host = nodeOf(lab, { node });
  await untilPassIsOver(lab, host);
  await host.host.run('ip', args);
}
