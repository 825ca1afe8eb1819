import type { NodeEvent } from '../../core/model/events/event.js';
import { shortSubject } from '../../words/event-words.js';
import { matcherOf } from '../parts/filter.js';

/** Those in which all words occur, the newest first. */
export function filterEvents(events: readonly NodeEvent[], filter: string): readonly NodeEvent[] {
  const matches = matcherOf(filter);
  return events
    .filter((event) => {
      const { kind, text, session, mesh } = event;
      return matches([kind, shortSubject(event), text, session?.uuid, session?.interface, mesh?.interface]);
    })
    .toReversed();
}

/** Each day in UTC with its events, in their order. */
export function byDay(events: readonly NodeEvent[]): readonly (readonly [string, readonly NodeEvent[]])[] {
  const days = new Map<string, NodeEvent[]>();
  for (const event of events) {
    const day = new Date(event.atMs).toISOString().slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return [...days];
}
