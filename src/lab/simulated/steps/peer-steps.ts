import { offerSession } from '../../any-lab.js';
import { editSession, postsOf } from '../../control-plane/control-plane-state.js';
import { establishedCondition, routesCondition, sessionName, toldCondition } from '../../converge.js';
import { isEstablished, nodeTunnel } from '../../hosts/view.js';
import type { PeerSpec } from '../../scenario/peer-spec.js';
import type { Step } from '../../steps/step.js';
import { joinLab, type SimulatedLab } from '../simulated-lab.js';
import type { SimulatedPeer } from '../world/simulated-peer.js';

/** A session appears on the list, of a peer that was not there before. */
export function addSession(lab: SimulatedLab, peer: PeerSpec): Step {
  return {
    name: 'add a session',
    done: `a new peer: ${sessionName(peer)} is queued for setup; its row names ${peer.ipv6} alone`,
    touches: [peer.asn],
    act: async () => {
      const { secrets } = joinLab(lab, peer);
      offerSession(lab.controlPlane, peer, secrets, 'queued for setup');
      return [
        establishedCondition(lab, peer),
        routesCondition(lab, peer),
        toldCondition(lab, peer, 'active'),
      ];
    },
  };
}

/** A peer moves to another address and port, and the list says where. */
export function moveEndpoint(lab: SimulatedLab, peer: SimulatedPeer): Step {
  const { spec } = peer;
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
      peer.place = to;
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

/** A peer's router is switched off, and on again. */
export function goAway(lab: SimulatedLab, peer: SimulatedPeer): Step[] {
  const { spec } = peer;
  /** Comes true when the node has told of that many routes since now. */
  const reported = (what: string, isIt: (routes: number) => boolean) => {
    const sinceMs = Date.now();
    return {
      what,
      holds: () =>
        postsOf(lab.controlPlane, 'report', spec.node.name).some(
          ({ atMs, body }) =>
            atMs > sinceMs &&
            body.sessions.some(
              ({ uuid, routesImported }) => uuid === spec.session.uuid && isIt(routesImported),
            ),
        ),
    };
  };
  return [
    {
      name: 'a peer goes away',
      done: `AS${spec.asn} switches its router off`,
      touches: [spec.asn],
      act: async () => {
        peer.isAway = true;
        return [
          { what: 'its BGP session down', holds: () => !isEstablished(lab.view, spec) },
          reported('reported without a route', (routes) => routes === 0),
        ];
      },
    },
    {
      name: 'the peer comes back',
      done: `AS${spec.asn} switches its router on again`,
      touches: [spec.asn],
      act: async () => {
        peer.isAway = false;
        return [
          establishedCondition(lab, spec),
          routesCondition(lab, spec),
          reported('reported with its routes', (routes) => routes > 0),
        ];
      },
    },
  ];
}
