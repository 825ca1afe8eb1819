import type { AnyLab } from './any-lab.js';
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
export function nodeOf(lab: Lab, peer: PeerSpec): NodeHost {
  const node = lab.nodes.find(({ spec }) => spec.name === peer.node.name);
  if (!node) throw new Error(`the lab has no node ${peer.node.name}`);
  return node;
}

/** The host of a peer. */
export function peerHost(lab: Lab, peer: PeerSpec): PeerHost {
  const host = lab.peers.find(({ spec }) => spec.asn === peer.asn);
  if (!host) throw new Error(`AS${peer.asn} has no host`);
  return host;
}
