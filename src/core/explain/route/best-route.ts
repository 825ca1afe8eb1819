import type { BirdRoute } from '../../lookups/bird-routes.js';

/** One step of BIRD's choice among routes to the same network. Undefined values do not decide. */
interface Step {
  readonly what: string;
  value(route: BirdRoute, isIbgp: boolean): number | undefined;
  readonly better: 'higher' | 'lower';
}

const origins = ['IGP', 'EGP', 'Incomplete'];

/** In BIRD's order (nest/rt-table.c `rte_better`, proto/bgp/attrs.c `bgp_rte_better`), as far as `show route all` has the values. */
const steps: readonly Step[] = [
  { what: 'preference of the protocol', better: 'higher', value: ({ preference }) => preference },
  {
    what: 'next hop that can be reached',
    better: 'higher',
    value: ({ kind }) => Number(kind !== 'unreachable'),
  },
  { what: 'local preference', better: 'higher', value: ({ localPreference }) => localPreference },
  {
    what: 'length of the AS path',
    better: 'lower',
    value: (route) => (isBgp(route) ? route.asPath.length : undefined),
  },
  {
    what: 'origin',
    better: 'lower',
    value: ({ origin }) => (origin === undefined ? undefined : origins.indexOf(origin)),
  },
  { what: 'MED', better: 'lower', value: (route) => (isBgp(route) ? (route.med ?? 0) : undefined) },
  {
    what: 'way out of our network (eBGP before iBGP)',
    better: 'lower',
    value: (route, isIbgp) => (isBgp(route) ? Number(isIbgp) : undefined),
  },
  { what: 'cost of the way to the next hop', better: 'lower', value: ({ igpMetric }) => igpMetric ?? 0 },
];

function isBgp({ localPreference }: BirdRoute): boolean {
  return localPreference !== undefined;
}

/**
 * Why BIRD prefers one route to another: the first step of its choice in which the two differ. `isIbgp` says so of a protocol.
 */
export function whyBetter(best: BirdRoute, other: BirdRoute, isIbgp: (protocol: string) => boolean): string {
  for (const { what, better, value } of steps) {
    const [mine, theirs] = [value(best, isIbgp(best.protocol)), value(other, isIbgp(other.protocol))];
    // MEDs are compared among the routes of one neighbor AS only (RFC 4271, section 9.1.2.2).
    if (what === 'MED' && best.asPath[0] !== other.asPath[0]) continue;
    if (mine === undefined || theirs === undefined || mine === theirs) continue;
    if (better === 'higher' ? mine > theirs : mine < theirs)
      return `${better} ${what}: ${mine} against ${theirs}`;
  }
  return 'all that BIRD compares first is equal; the router id or the address of the neighbor decides';
}
