import type { DisabledSessions } from '../../model/disabled.js';
import { isEstablished, type Observed } from '../../model/observed.js';
import { formatMark } from '../../model/owner.js';
import type { Preserved } from '../../model/preserved.js';
import { listedUuids, type SessionEntry } from '../../model/session.js';
import { fileOwner } from '../owned.js';
import { type DesiredSession, protocolNames } from '../sessions.js';
import { nextDisabled, runningProtocols } from './disabled.js';
import { withShutdown } from './shutdown.js';

interface DisabledContext {
  readonly before: DisabledSessions;
  readonly observed: Pick<Observed, 'bird' | 'birdFiles' | 'nowSeconds'>;
  /** The options that adopted sessions preserve. */
  readonly preserved: Preserved;
  readonly isLoaded: boolean;
  /** False where a session may be missing from the list by mistake. */
  readonly isListKnown: boolean;
}

/** The sessions that an operator has disabled, after one more look. One that is no longer listed is forgotten. */
export function disabledSessions(
  sessions: readonly DesiredSession[],
  entries: readonly SessionEntry[],
  { before, observed, preserved, isLoaded, isListKnown }: DisabledContext,
): DisabledSessions {
  const { nowSeconds } = observed;
  const running = runningProtocols(observed.bird);
  const listed: ReadonlySet<string> = listedUuids(entries);
  const files = new Map(
    [...observed.birdFiles.values()].flatMap((text) => {
      const owner = fileOwner(text);
      return owner ? [[formatMark(owner), text] as const] : [];
    }),
  );
  const looked = sessions.map((item) => {
    const { uuid } = item.session;
    const mark = formatMark(item.tunnel.owner);
    const previousNames = (preserved.sessions[mark]?.protocols ?? []).map(({ name }) => name);
    const look = {
      names: protocolNames(item),
      previousNames,
      running,
      file: files.get(mark),
      isLoaded,
      nowSeconds,
    };
    const isUp = look.names.some((name) => isEstablished({ bgp: running?.get(name)?.bgp }));
    const present = withShutdown(before[uuid], item.session.options?.shutdown ?? false, isUp, nowSeconds);
    return [uuid, nextDisabled(present, look)] as const;
  });
  const seen = new Set<string>(looked.map(([uuid]) => uuid));
  const unseen = Object.entries(before).filter(
    ([uuid]) => !seen.has(uuid) && (!isListKnown || listed.has(uuid)),
  );
  const all = [...unseen, ...looked].flatMap(([uuid, one]) => (one ? [[uuid, one] as const] : []));
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}
