import type { NodeStatus, SystemStatus } from '../../shell/status/status.js';
import { type Family, type Sample, single } from './family.js';

/** BIRD, and the kernel's settings that matter to a router. Nothing of them is known before the first pass. */
export const birdFamilies: readonly Family<NodeStatus>[] = [
  single('bird_up', '1 where BIRD answers on its control socket, else 0.', ({ bird }) => bird.running),
  {
    name: 'bird_info',
    type: 'gauge',
    help: "Always 1; BIRD's version is in the label.",
    labels: ['version'],
    samples: ({ bird: { version } }) => (version === undefined ? [] : [{ value: 1, labels: { version } }]),
  },
  ofSystem(
    'bird_protocol_up',
    "1 where a BIRD protocol of the node's own works, else 0.",
    ['protocol', 'type'],
    ({ protocols }) =>
      protocols.map(({ name, type, isUp }) => ({ value: isUp, labels: { protocol: name, type } })),
  ),
  ofSystem(
    'kernel_sync_up',
    '1 where BIRD gives its routes of the family to the kernel, else 0.',
    ['family'],
    ({ kernel }) => kernel.map(({ family, isUp }) => ({ value: isUp, labels: { family } })),
  ),
  ofSystem(
    'kernel_routes_exported',
    'Routes that BIRD exports to the kernel, by family.',
    ['family'],
    ({ kernel }) => kernel.map(({ family, exported }) => ({ value: exported, labels: { family } })),
  ),
  ofSystem('rpki_cache_up', '1 where an RPKI cache answers, else 0.', ['cache'], ({ caches }) =>
    caches.map(({ name, isUp }) => ({ value: isUp, labels: { cache: name } })),
  ),
  ofSystem('rpki_roas', 'ROAs that BIRD has from an RPKI cache.', ['cache'], ({ caches }) =>
    caches.map(({ name, roas }) => ({ value: roas, labels: { cache: name } })),
  ),
  ofSystem(
    'rpki_saved_roas_used',
    '1 while no cache answers and BIRD has the ROAs that the agent saved, else 0.',
    [],
    ({ savedRoas }) => [{ value: savedRoas?.isUsed }],
  ),
  ofSystem(
    'rpki_saved_roas_timestamp_seconds',
    'Unix time of the ROAs that the agent saved.',
    [],
    ({ savedRoas }) => [{ value: savedRoas?.atSeconds }],
  ),
  {
    name: 'routes_refused',
    type: 'gauge',
    help: "Routes of neighbors that the import filters refuse now, by reason; other: an operator's filter, a limit or BIRD itself.",
    labels: ['reason'],
    samples: ({ refusedRoutes = [] }) =>
      refusedRoutes.map(({ reason, count }) => ({ value: count, labels: { reason } })),
  },
  ofSystem(
    'ip_forwarding',
    '1 where the kernel forwards packets of the family, else 0.',
    ['family'],
    ({ forwarding }) => [
      { value: forwarding.ipv4, labels: { family: 'ipv4' } },
      { value: forwarding.ipv6, labels: { family: 'ipv6' } },
    ],
  ),
  ofSystem(
    'rp_filter_strict_tunnels',
    'Tunnels with strict rp_filter, which drops asymmetric traffic.',
    [],
    ({ strictRpFilter }) => [{ value: strictRpFilter.length }],
  ),
  ofSystem(
    'disabled_interfaces',
    'Interfaces that need addresses of the family, which disable_ipv6 forbids.',
    ['family'],
    ({ ipv6Disabled }) => [{ value: ipv6Disabled.length, labels: { family: 'ipv6' } }],
  ),
];

function ofSystem(
  name: string,
  help: string,
  labels: readonly string[],
  samples: (system: SystemStatus) => readonly Sample[],
): Family<NodeStatus> {
  return { name, type: 'gauge', help, labels, samples: ({ system }) => (system ? samples(system) : []) };
}
