import type { AnyLab } from './any-lab.js';
import { isEnabled } from './control-plane/control-plane-state.js';
import { ibgpSession, isEstablished, meshTunnel, nodeTunnel, routesImported } from './hosts/view.js';
import { bgpState, lastRtt, told } from './report/rows.js';
import { ibgpPeersOf, type NodeSpec } from './scenario/node-spec.js';
import type { PeerSpec } from './scenario/peer-spec.js';
import type { LinkLook, Look, SessionLook } from './story/messages.js';
import type { Tell } from './tell.js';

/** Tells each look that shows something new. */
export function tellChanges(tell: Tell): (lab: AnyLab) => void {
  let before = '';
  return (lab) => {
    const look = lookShown(lab);
    const text = JSON.stringify({ ...look, seconds: 0 });
    if (text !== before) tell({ kind: 'look', ...look });
    before = text;
  };
}

/** What the last look at all hosts has seen, for the picture. */
function lookShown(lab: AnyLab): Look {
  const { nodes } = lab.scenario;
  const ended = lab.endedAgents();
  const peers = lab.peers.map(({ spec }) => spec);
  return {
    seconds: (Date.now() - lab.startedAtMs) / 1000,
    peers,
    nodes: nodes.map((node) => ({
      name: node.name,
      agent: ended.includes(node.name) ? 'ended' : agentState(lab, node),
    })),
    sessions: peers.map((peer) => sessionLook(lab, peer)),
    mesh: pairs(nodes).map(([from, to]) =>
      link(from, to, isMeshUp(lab, from, to) && isMeshUp(lab, to, from)),
    ),
    ibgp: pairs(nodes)
      .filter(([from, to]) => ibgpPeersOf(nodes, from).includes(to))
      .map(([from, to]) => link(from, to, isIbgpUp(lab, from, to) && isIbgpUp(lab, to, from))),
  };
}

/** An agent runs for the lab once it has told its key. */
function agentState({ controlPlane }: AnyLab, { name }: NodeSpec): 'starts' | 'runs' {
  return controlPlane.publicKeys.has(name) ? 'runs' : 'starts';
}

function sessionLook(lab: AnyLab, peer: PeerSpec): SessionLook {
  const { view, controlPlane } = lab;
  const row = controlPlane.sessions.get(peer.session.uuid);
  return {
    asn: peer.asn,
    isWanted: row !== undefined && isEnabled(row.status),
    hasHandshake: (nodeTunnel(view, peer)?.handshakeSeconds ?? 0) > 0,
    bgp: bgpState(lab, peer),
    isUp: isEstablished(view, peer),
    routes: routesImported(view, peer),
    rttMs: lastRtt(lab, peer),
    told: told(lab, peer).at(-1)?.status,
  };
}

function isMeshUp({ view }: AnyLab, at: NodeSpec, other: NodeSpec): boolean {
  return (meshTunnel(view, at, other)?.handshakeSeconds ?? 0) > 0;
}

function isIbgpUp({ view }: AnyLab, at: NodeSpec, other: NodeSpec): boolean {
  return ibgpSession(view, at, other)?.state === 'Established';
}

function link(from: NodeSpec, to: NodeSpec, isUp: boolean): LinkLook {
  return { from: from.name, to: to.name, isUp };
}

function pairs(nodes: readonly NodeSpec[]): (readonly [NodeSpec, NodeSpec])[] {
  return nodes.flatMap((from, index) => nodes.slice(index + 1).map((to) => [from, to] as const));
}
