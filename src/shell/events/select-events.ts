import { z } from 'zod';
import { isNamed, type NodeEvent, nodeEvent, subject, subjectKey } from '../../core/model/events/event.js';
import { subjectWord } from '../../core/model/peer-name.js';

export const eventsRequest = z.object({
  sinceSeconds: z.coerce
    .number()
    .optional()
    .describe('Unix time in seconds; absent: from the first that there is'),
  session: subjectWord
    .optional()
    .describe('a uuid, an interface, an ASN or a BIRD protocol; absent: all, with those of the node itself'),
});

export const eventsAnswer = z.object({
  events: z.array(nodeEvent).readonly().describe('the oldest first'),
  flaps: z
    .array(subject.extend({ downs: z.number() }))
    .readonly()
    .describe(
      'how often the BGP of each session, or of each node of ours, went down among them; those that did, most often first',
    ),
});

export type EventsRequest = z.output<typeof eventsRequest>;
export type EventsAnswer = z.output<typeof eventsAnswer>;
export type Flaps = EventsAnswer['flaps'][number];

/** The events that an operator asks for. */
export function selectEvents(
  all: readonly NodeEvent[],
  { sinceSeconds = 0, session }: EventsRequest,
): EventsAnswer {
  const events = all.filter(
    (event) => event.atMs >= sinceSeconds * 1000 && (session === undefined || isNamed(event, session)),
  );
  return { events, flaps: flapsAmong(events) };
}

function flapsAmong(events: readonly NodeEvent[]): readonly Flaps[] {
  const found = new Map<string, Flaps>();
  for (const { kind, session, mesh } of events) {
    if (kind !== 'down') continue;
    const key = subjectKey({ session, mesh });
    found.set(key, { session, mesh, downs: (found.get(key)?.downs ?? 0) + 1 });
  }
  return [...found.values()].sort((a, b) => b.downs - a.downs);
}
