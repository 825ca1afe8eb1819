import { type AnyLab, offerSession } from '../any-lab.js';
import { pingLoopbacks } from '../checks/session-checks.js';
import { editSession } from '../control-plane/control-plane-state.js';
import { establishedCondition, routesCondition, sessionName, toldCondition } from '../converge.js';
import { nodeBgp, nodeLink, nodeTunnel } from '../hosts/view.js';
import type { Lab } from '../running-lab.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import type { Condition } from '../wait.js';
import type { Step } from './step.js';

/** A session appears on the list, of a peer that was not there before. `proofs`: what shows that it carries packets. */
export function addSession(lab: AnyLab, peer: PeerSpec, proofs: readonly Condition[] = []): Step {
  return {
    name: 'add a session',
    done: `a new peer: ${sessionName(peer)} is queued for setup; its row names ${peer.ipv6} alone`,
    touches: [peer.asn],
    act: async () => {
      offerSession(lab.controlPlane, peer, await lab.join(peer), 'queued for setup');
      return [
        establishedCondition(lab, peer),
        routesCondition(lab, peer),
        ...proofs,
        toldCondition(lab, peer, 'active'),
      ];
    },
  };
}

/** Packets of the peer come to the node, and answers back. */
export function loopbacksAnswer(lab: Lab, peer: PeerSpec): Condition {
  return {
    what: "the node's loopbacks answer the peer",
    holds: async () => (await pingLoopbacks(lab, peer)) === undefined,
  };
}

/** A session is to go. */
export function deleteSession(lab: AnyLab, peer: PeerSpec): Step {
  const { uuid } = peer.session;
  return {
    name: 'delete a session',
    done: `${sessionName(peer)} is queued for delete`,
    touches: [peer.asn],
    act: async () => {
      editSession(lab.controlPlane, uuid, { status: 'queued for delete' });
      return [
        { what: 'its tunnel gone', holds: () => nodeLink(lab.view, peer) === undefined },
        { what: 'its BGP protocol gone', holds: () => nodeBgp(lab.view, peer).length === 0 },
        toldCondition(lab, peer, 'deleted'),
        { what: 'off the list', holds: () => !lab.controlPlane.sessions.has(uuid) },
      ];
    },
  };
}

/** A peer moves to another address and port, and the list says where. */
export function moveEndpoint(lab: AnyLab, spec: PeerSpec): Step {
  const to = {
    address: spec.address.replace(/\d+$/, (last) => String(Number(last) + 100)),
    listenPort: spec.listenPort + 100,
  };
  const endpoint = `${to.address}:${to.listenPort}`;
  return {
    name: 'change an endpoint',
    done: `AS${spec.asn} moves to ${endpoint}`,
    touches: [],
    act: async () => {
      await lab.movePeer(spec, to);
      await lab.look();
      const heard = nodeTunnel(lab.view, spec)?.rxBytes ?? 0;
      editSession(lab.controlPlane, spec.session.uuid, { endpoint });
      return [
        { what: `dialled at ${endpoint}`, holds: () => nodeTunnel(lab.view, spec)?.endpoint === endpoint },
        { what: 'the peer heard again', holds: () => (nodeTunnel(lab.view, spec)?.rxBytes ?? 0) > heard },
        establishedCondition(lab, spec),
      ];
    },
  };
}
