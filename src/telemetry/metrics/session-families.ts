import { subjectKey } from '../../core/model/events/event.js';
import type { NodeStatus, SessionRow } from '../../shell/status/status.js';
import type { Family } from './family.js';
import { rowFamilies } from './row-families.js';

const states = ['ok', 'degraded', 'waiting', 'error', 'refused', 'disabled', 'ignored'] as const;

// Of those that the agent configures.
const { each, trouble, pings, tunnel } = rowFamilies<SessionRow>({
  kind: 'session',
  called: 'a session',
  labels: ['uuid', 'asn', 'interface'],
  labelsOf: ({ uuid, asn = '', interface: device = '' }) => ({ uuid, asn, interface: device }),
  rowsOf: ({ sessions }) => sessions.filter(({ state }) => state !== 'ignored' && state !== 'refused'),
});

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
    each('up', '1 where the BGP session is established, else 0.', ({ bgp }) => bgp?.state === 'Established'),
    trouble,
    each('flaps_total', 'How often BGP went down since the agent started.', ({ uuid }) =>
      flapsOf(subjectKey({ session: { uuid } })),
    ),
    ...pings,
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
    ...tunnel,
  ];
}
