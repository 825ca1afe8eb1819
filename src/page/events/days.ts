import type { NodeEvent } from '../../core/model/events/event.js';
import { shortSubject } from '../../words/event-words.js';

/** Those in which all words occur, the newest first. */
export function filterEvents(events: readonly NodeEvent[], filter: string): readonly NodeEvent[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return events
    .filter((event) => {
      const { session, mesh } = event;
      const names = [session?.uuid, session?.interface, mesh?.interface];
      const text = [event.kind, shortSubject(event), event.text, ...names].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
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
