import {
  isNamed,
  type MeshSubject,
  type NodeEvent,
  type SessionSubject,
  subjectKey,
} from '../../core/model/events/event.js';

export interface EventsRequest {
  /** Unix seconds; absent: from the first that there is. */
  readonly sinceSeconds?: number | undefined;
  /** A uuid, an interface, an ASN or the plain name of a BIRD protocol; absent: all, with those of the node itself. */
  readonly session?: string | undefined;
}

export interface EventsAnswer {
  /** Oldest first. */
  readonly events: readonly NodeEvent[];
  /** How often the BGP of each session, or of each node of ours, went down among them; those that did, most often first. */
  readonly flaps: readonly Flaps[];
}

export interface Flaps {
  readonly session?: SessionSubject | undefined;
  readonly mesh?: MeshSubject | undefined;
  readonly downs: number;
}

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
