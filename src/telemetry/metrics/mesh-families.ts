import { subjectKey } from '../../core/model/events/event.js';
import type { MeshRow, NodeStatus } from '../../shell/status/status.js';
import type { Family } from './family.js';
import { rowFamilies } from './row-families.js';

const { each, trouble, pings, tunnel } = rowFamilies<MeshRow>({
  kind: 'mesh',
  called: 'a mesh peer',
  labels: ['node_id', 'peer', 'interface'],
  labelsOf: ({ nodeId, name, interface: device }) => ({ node_id: nodeId, peer: name, interface: device }),
  rowsOf: ({ mesh }) => mesh,
});

/** The tunnels to the operator's other nodes, and iBGP over them. `flapsOf`: how often a subject went down. */
export function meshFamilies(flapsOf: (subject: string) => number): readonly Family<NodeStatus>[] {
  return [
    each(
      'bgp_up',
      '1 where iBGP with this node is established, else 0; no series where there is to be none.',
      ({ bgp }) => (bgp === undefined ? undefined : bgp === 'Established'),
    ),
    trouble,
    each('flaps_total', 'How often iBGP went down since the agent started.', ({ nodeId }) =>
      flapsOf(subjectKey({ mesh: { nodeId } })),
    ),
    ...pings,
    ...tunnel,
  ];
}
