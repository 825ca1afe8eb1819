import { collectorName } from '../../core/model/names.js';
import { countRoas } from '../../core/model/saved-roas.js';
import { changesOf } from '../../core/plan/plan.js';
import type { PassResult } from '../pass/context.js';
import type { SystemStatus } from './status.js';

/** What `status` says of the node itself, apart from its sessions. */
export function systemStatus({ node, plan, desired }: PassResult): SystemStatus {
  const { protocols, kernel, caches, ibgp, forwarding } = node;
  const fallback = desired.roaFallback;
  const answering = new Set([
    ...caches.filter(({ isUp }) => isUp).map(({ protocol }) => protocol),
    ...ibgp.filter(({ isEstablished }) => isEstablished).map(({ protocol }) => protocol),
  ]);
  const asked = new Set([...caches, ...ibgp].map(({ protocol }) => protocol));
  return {
    protocols: protocols.map(({ wanted: { name, type }, state, info, isUp }) => ({
      name,
      type,
      state: info || state,
      isUp: asked.has(name) ? answering.has(name) : isUp,
    })),
    kernel,
    caches: caches.map(({ name, state, isUp, roas }) => ({ name, state, isUp, roas })),
    ...(fallback && {
      savedRoas: {
        atSeconds: fallback.saved.atSeconds,
        count: countRoas(fallback.saved),
        isUsed: fallback.isUsed,
      },
    }),
    forwarding: { ipv4: forwarding?.ipv4, ipv6: forwarding?.ipv6 },
    strictRpFilter: forwarding?.strictRpFilter ?? [],
    ipv6Disabled: forwarding?.ipv6Disabled ?? [],
    repaired: changesOf(plan.changes, 'enable-protocol').flatMap(({ owner, protocol }) =>
      owner.kind === 'session' ? [] : [protocol],
    ),
  };
}

/** Facts that are no fault: what the last pass had to repair, and a route collector that does not answer. */
export function systemNotes({ protocols, repaired }: SystemStatus): string[] {
  const collector = protocols.find(({ name, isUp }) => name === collectorName && !isUp);
  return [
    ...(repaired.length === 0
      ? []
      : [
          `the last pass enabled ${repaired.join(', ')}, which somebody had disabled in BIRD; sessions may need a minute to come back`,
        ]),
    ...(collector
      ? [`the route collector does not answer: ${collectorName} is in the state ${collector.state}`]
      : []),
  ];
}
