import { subjectKey } from '../../core/model/events/event.js';
import type { MeshRow, NodeStatus } from '../../shell/status/status.js';
import type { Family } from './family.js';
import { kindLabel } from './trouble-label.js';

type Value = (row: MeshRow) => number | boolean | undefined;

/** The tunnels to the operator's other nodes, and iBGP over them. `flapsOf`: how often a subject went down. */
export function meshFamilies(flapsOf: (subject: string) => number): readonly Family<NodeStatus>[] {
  return [
    each(
      'bgp_up',
      '1 where iBGP with this node is established, else 0; no series where there is to be none.',
      ({ bgp }) => (bgp === undefined ? undefined : bgp === 'Established'),
    ),
    {
      name: 'mesh_trouble',
      type: 'gauge',
      help: '1 for a mesh peer in trouble, with who has to act: needs_you, working (the agent), peer_side. No series without trouble.',
      labels: [...labels, 'kind'],
      samples: ({ mesh }) =>
        mesh.flatMap((row) => {
          const kind = kindLabel(row.trouble);
          return kind === undefined ? [] : [{ value: 1, labels: { ...labelsOf(row), kind } }];
        }),
    },
    each('flaps_total', 'How often iBGP went down since the agent started.', ({ nodeId }) =>
      flapsOf(subjectKey({ mesh: { nodeId } })),
    ),
    each('rtt_seconds', 'Round-trip time over the tunnel.', ({ rttMs }) =>
      rttMs === undefined ? undefined : rttMs / 1000,
    ),
    each(
      'loss_ratio',
      'The part of the last pings over the tunnel that nobody answered, 0 to 1.',
      ({ loss }) => loss,
    ),
    each(
      'receive_bytes_total',
      'Bytes that the tunnel has received, as the kernel counts.',
      ({ tunnel }) => tunnel?.rxBytes,
    ),
    each(
      'transmit_bytes_total',
      'Bytes that the tunnel has sent, as the kernel counts.',
      ({ tunnel }) => tunnel?.txBytes,
    ),
    each(
      'last_handshake_timestamp_seconds',
      'Unix time of the last WireGuard handshake.',
      ({ tunnel }) => tunnel?.handshakeAtSeconds,
    ),
  ];
}

const labels = ['node_id', 'peer', 'interface'] as const;

function labelsOf({ nodeId, name, interface: tunnel }: MeshRow) {
  return { node_id: nodeId, peer: name, interface: tunnel };
}

function each(name: string, help: string, value: Value): Family<NodeStatus> {
  return {
    name: `mesh_${name}`,
    type: name.endsWith('_total') ? 'counter' : 'gauge',
    help,
    labels,
    samples: ({ mesh }) => mesh.map((row) => ({ value: value(row), labels: labelsOf(row) })),
  };
}
