import { postsOf } from '../../control-plane/control-plane-state.js';
import { establishedCondition, routesCondition } from '../../converge.js';
import { isEstablished } from '../../hosts/view.js';
import type { Step } from '../../steps/step.js';
import type { SimulatedLab } from '../simulated-lab.js';
import type { SimulatedPeer } from '../world/simulated-peer.js';

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
