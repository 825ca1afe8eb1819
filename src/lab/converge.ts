import type { AnyLab } from './any-lab.js';
import { postsOf } from './control-plane/control-plane-state.js';
import type { Status } from './control-plane/status.js';
import { ibgpSession, isEstablished, meshTunnel, nodeTunnel, routesImported } from './hosts/view.js';
import { ibgpPeersOf, type NodeSpec } from './scenario/node-spec.js';
import type { PeerSpec } from './scenario/peer-spec.js';
import { acceptedPrefixes } from './scenario/policy-table.js';
import type { Condition } from './wait.js';

/** `jp1 ↔ AS4242421000`: how the lab calls a session. */
export function sessionName({ node, asn }: PeerSpec): string {
  return `${node.name} ↔ AS${asn}`;
}

/** The BGP of a peer is Established, as the node's BIRD has it. */
export function establishedCondition(lab: AnyLab, peer: PeerSpec): Condition {
  return { what: `${sessionName(peer)} Established`, holds: () => isEstablished(lab.view, peer) };
}

/** The node imports all that it should of what the peer announces. */
export function routesCondition(lab: AnyLab, peer: PeerSpec): Condition {
  return {
    what: 'its routes imported',
    holds: () => routesImported(lab.view, peer) === acceptedPrefixes(peer).length,
  };
}

/** Everything that must come true by itself after the start. */
export function convergence(lab: AnyLab): Condition[] {
  const { scenario } = lab;
  return [
    ...scenario.peers.flatMap((peer) => [
      handshakeCondition(lab, peer),
      establishedCondition(lab, peer),
      toldCondition(lab, peer, 'active'),
      reportCondition(lab, peer),
    ]),
    ...scenario.nodes.flatMap((node) => [...meshConditions(lab, node), ...ibgpConditions(lab, node)]),
  ];
}

/** The control plane was told a session's status. */
export function toldCondition(lab: AnyLab, peer: PeerSpec, status: Status): Condition {
  return {
    what: `modify: ${sessionName(peer)} is ${status}`,
    holds: () =>
      postsOf(lab.controlPlane, 'modify', peer.node.name).some(
        ({ body }) => body.uuid === peer.session.uuid && body.status === status,
      ),
  };
}

function handshakeCondition(lab: AnyLab, peer: PeerSpec): Condition {
  return {
    what: `${sessionName(peer)} handshake`,
    holds: () => (nodeTunnel(lab.view, peer)?.handshakeSeconds ?? 0) > 0,
  };
}

/** A report with the session's routes and round-trip time, as it is once BGP is up. */
function reportCondition(lab: AnyLab, peer: PeerSpec): Condition {
  return {
    what: `report: ${sessionName(peer)} with RTT and routes`,
    holds: () =>
      postsOf(lab.controlPlane, 'report', peer.node.name).some(({ body }) =>
        body.sessions.some(
          ({ uuid, rtt, routesImported }) => uuid === peer.session.uuid && rtt && routesImported > 0,
        ),
      ),
  };
}

function meshConditions(lab: AnyLab, node: NodeSpec): Condition[] {
  const others = lab.scenario.nodes.filter(({ id }) => id !== node.id);
  return others.map((other) => ({
    what: `mesh ${node.name} ↔ ${other.name}`,
    holds: () => {
      const told = postsOf(lab.controlPlane, 'mesh/status', node.name).at(-1)?.body.peers[String(other.id)];
      return (meshTunnel(lab.view, node, other)?.handshakeSeconds ?? 0) > 0 && told === 'configured';
    },
  }));
}

function ibgpConditions(lab: AnyLab, node: NodeSpec): Condition[] {
  return ibgpPeersOf(lab.scenario.nodes, node).map((other) => ({
    what: `iBGP ${node.name} ↔ ${other.name}`,
    holds: () => ibgpSession(lab.view, node, other)?.state === 'Established',
  }));
}
