import type { NodeStatus, SessionRow } from '../../shell/status/status.js';
import type { Family, LabelValues } from './family.js';

/** Rows of the status that have metrics of their own. */
interface Rows<Row> {
  /** What the metrics' names begin with. */
  readonly kind: 'session' | 'mesh';
  /** One of them, for people. */
  readonly called: string;
  readonly labels: readonly string[];
  labelsOf(row: Row): LabelValues;
  rowsOf(status: NodeStatus): readonly Row[];
}

/** What every such row has, because a tunnel leads to the other end. */
type TunnelRow = Pick<SessionRow, 'trouble' | 'rttMs' | 'loss' | 'tunnel'>;

/** Makes the metrics of such rows. */
interface RowFamilies<Row> {
  /** One value of each row; a counter where the name ends in `_total`. */
  each(name: string, help: string, value: (row: Row) => number | boolean | undefined): Family<NodeStatus>;
  readonly trouble: Family<NodeStatus>;
  readonly pings: readonly Family<NodeStatus>[];
  readonly tunnel: readonly Family<NodeStatus>[];
}

const troubleKinds = { 'needs-you': 'needs_you', working: 'working', 'peer-side': 'peer_side' } as const;

export function rowFamilies<Row extends TunnelRow>({
  kind,
  called,
  labels,
  labelsOf,
  rowsOf,
}: Rows<Row>): RowFamilies<Row> {
  const each: RowFamilies<Row>['each'] = (name, help, value) => ({
    name: `${kind}_${name}`,
    type: name.endsWith('_total') ? 'counter' : 'gauge',
    help,
    labels,
    samples: (status) => rowsOf(status).map((row) => ({ value: value(row), labels: labelsOf(row) })),
  });
  return {
    each,
    trouble: {
      name: `${kind}_trouble`,
      type: 'gauge',
      help: `1 for ${called} in trouble, with who has to act: needs_you, working (the agent), peer_side. No series without trouble.`,
      labels: [...labels, 'kind'],
      samples: (status) =>
        rowsOf(status).flatMap((row) =>
          row.trouble
            ? [{ value: 1, labels: { ...labelsOf(row), kind: troubleKinds[row.trouble.kind] } }]
            : [],
        ),
    },
    pings: [
      each('rtt_seconds', 'Round-trip time over the tunnel.', ({ rttMs }) =>
        rttMs === undefined ? undefined : rttMs / 1000,
      ),
      each(
        'loss_ratio',
        'The part of the last pings over the tunnel that nobody answered, 0 to 1.',
        ({ loss }) => loss,
      ),
    ],
    tunnel: [
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
    ],
  };
}
