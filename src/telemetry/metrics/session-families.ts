import { subjectKey } from '../../core/model/events/event.js';
import type { NodeStatus, SessionRow } from '../../shell/status/status.js';
import type { Family } from './family.js';
import { kindLabel } from './trouble-label.js';

const states = ['ok', 'degraded', 'waiting', 'error', 'refused', 'disabled', 'ignored'] as const;

type Value = (row: SessionRow) => number | boolean | undefined;

/** How many sessions there are, and how each is that the agent configures. `flapsOf`: how often a subject went down. */
export function sessionFamilies(flapsOf: (subject: string) => number): readonly Family<NodeStatus>[] {
  return [
    {
      name: 'sessions',
      type: 'gauge',
      help: `Sessions by state (${states.join(', ')}).`,
      labels: ['state'],
      samples: ({ sessions }) =>
        states.map((state) => ({
          value: sessions.filter((session) => session.state === state).length,
          labels: { state },
        })),
    },
    each('up', '1 where the BGP session is established, else 0.', isEstablished),
    {
      name: 'session_trouble',
      type: 'gauge',
      help: '1 for a session in trouble, with who has to act: needs_you, working (the agent), peer_side. No series without trouble.',
      labels: [...labels, 'kind'],
      samples: ({ sessions }) =>
        sessions.filter(isConfigured).flatMap((row) => {
          const kind = kindLabel(row.trouble);
          return kind === undefined ? [] : [{ value: 1, labels: { ...labelsOf(row), kind } }];
        }),
    },
    each('flaps_total', 'How often BGP went down since the agent started.', (row) =>
      flapsOf(subjectKey({ session: { uuid: row.uuid } })),
    ),
    each('rtt_seconds', 'Round-trip time over the tunnel.', ({ rttMs }) => inSeconds(rttMs)),
    each(
      'loss_ratio',
      'The part of the last pings over the tunnel that nobody answered, 0 to 1.',
      ({ loss }) => loss,
    ),
    each(
      'latency_tier',
      "Tier of the link's smoothed round-trip time, 0 the fastest.",
      ({ latencyTier }) => latencyTier,
    ),
    each(
      'routes_imported',
      'Routes imported now, over all address families.',
      ({ routesImported }) => routesImported,
    ),
    each(
      'routes_exported',
      'Routes exported now, over all address families.',
      ({ routesExported }) => routesExported,
    ),
    each(
      'routes_refused',
      "Routes of the neighbor that the agent's filter refuses now.",
      ({ routesRefused }) => routesRefused,
    ),
    each('limits_hit', 'Route limits that block routes of the session now.', ({ limitsHit }) => limitsHit),
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

const labels = ['uuid', 'asn', 'interface'] as const;

function labelsOf({ uuid, asn, interface: tunnel }: SessionRow) {
  return { uuid, asn: asn ?? '', interface: tunnel ?? '' };
}

/** A metric of each session that the agent configures. */
function each(name: string, help: string, value: Value): Family<NodeStatus> {
  return {
    name: `session_${name}`,
    type: name.endsWith('_total') ? 'counter' : 'gauge',
    help,
    labels,
    samples: ({ sessions }) =>
      sessions.filter(isConfigured).map((row) => ({ value: value(row), labels: labelsOf(row) })),
  };
}

function isConfigured({ state }: SessionRow): boolean {
  return state !== 'ignored' && state !== 'refused';
}

function isEstablished({ bgp }: SessionRow): boolean {
  return bgp?.state === 'Established';
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
