import type { NodeProtocol } from '../../model/artifacts.js';
import { rpkiCacheName } from '../../model/names.js';
import type { BirdProtocol } from '../../model/observed.js';
import { countRoas, type RoaFallback, type SavedRoas } from '../../model/saved-roas.js';
import type { NodeFault } from './node-fault.js';

/** A cache of ROAs as BIRD sees it. */
export interface RpkiCache {
  /** As the control plane calls it. */
  readonly name: string;
  readonly protocol: string;
  /** True where it answers. */
  readonly isUp: boolean;
  /** BIRD's word: `Established`, `Transport-Error`, ... */
  readonly state: string;
  /** ROAs that BIRD has from it now. */
  readonly roas: number;
}

/** The caches of the node's own files that BIRD runs. */
export function rpkiCaches(own: readonly NodeProtocol[], running: readonly BirdProtocol[]): RpkiCache[] {
  const names = new Set(own.filter(({ type }) => type === 'rpki').map(({ name }) => name));
  return running
    .filter(({ name, proto }) => proto === 'RPKI' && names.has(name))
    .map(({ name, state, info, channels }) => ({
      name: rpkiCacheName(name),
      protocol: name,
      // BIRD synchronizes again now and then (RFC 8210, section 8.2).
      isUp: state === 'up' && /^(?:Established|Sync-)/.test(info),
      state: info || state,
      roas: channels.reduce((total, { routes }) => total + (routes?.imported ?? 0), 0),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `2026-11-26 05:00 UTC` */
function timeOf({ atSeconds }: SavedRoas): string {
  return `${new Date(atSeconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** One cache that answers is enough. */
export function cacheFaults(
  caches: readonly RpkiCache[],
  refusesUnknown: boolean,
  fallback: RoaFallback | undefined,
): NodeFault[] {
  if (caches.length === 0 || caches.some(({ isUp }) => isUp)) return [];
  const names = caches.map(({ name }) => name).join(', ');
  const hasRoas = caches.some(({ roas }) => roas > 0);
  const without = refusesUnknown
    ? 'refuses every route of a neighbor but the one to a cache'
    : 'checks the origin of no route';
  const effect = describeEffect(hasRoas, without, fallback);
  return [
    {
      subject: 'RPKI',
      isElsewhere: true,
      words: `no RPKI cache answers (${names}): ${effect}. BIRD asks again by itself; see: birdc show protocols`,
    },
  ];
}

function describeEffect(hasRoas: boolean, without: string, fallback: RoaFallback | undefined): string {
  if (fallback?.isUsed)
    return `BIRD checks origins with the ${countRoas(fallback.saved)} ROAs that the agent saved at ${timeOf(fallback.saved)}`;
  return hasRoas
    ? 'BIRD checks origins with the ROAs that it already has, for two days at most'
    : `BIRD has no ROAs, and ${without}`;
}
