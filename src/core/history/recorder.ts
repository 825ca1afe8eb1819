import { measures } from './measures.js';
import { addMean, type MinuteMeans, noMeans, piecesOf, pointOf } from './minute-means.js';
import { packPoint, pointBytes, viewOf } from './packed-point.js';
import { type Counters, type Reading, ratesBetween } from './rates.js';
import type { SubjectId } from './subject-id.js';

/** One session or mesh peer as it was just seen; what is absent is not known. */
export interface Seen {
  readonly id: SubjectId;
  readonly rtt?: number | undefined;
  readonly loss?: number | undefined;
  readonly imported?: number | undefined;
  readonly refused?: number | undefined;
  readonly exported?: number | undefined;
  readonly up?: number | undefined;
  /** Only where they were read anew. */
  readonly counters?: Counters | undefined;
}

/** One moment by both clocks, in ms: the wall clock says where a point belongs, the monotonic one how long something lasted. */
interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** A minute that is over: packed points in the order of `index`. */
export interface Row {
  readonly minute: number;
  readonly index: ReadonlyMap<SubjectId, number>;
  readonly points: Uint8Array;
}

export interface Recorder {
  /** What was last seen still holds. */
  advance(now: Moment): void;
  /** Replaces what was seen before: it held until now. */
  note(seen: readonly Seen[], now: Moment): void;
  /**
   * Takes minutes, oldest first, which get no more values: those that are `closed`, which are over for a while; all that are `over`; or
   * `all`, also the one that is not over.
   */
  take(which: 'closed' | 'over' | 'all'): Row[];
  /** The minutes that are not closed yet, of one subject, oldest first. */
  open(id: SubjectId): { readonly minute: number; readonly point: ArrayLike<number> }[];
}

/** What was seen says nothing of a longer silence, such as a suspended machine. */
const longestMs = 150_000;
/** Counters say what happened since the last reading, so that a minute stays open for some more. */
const mostOpen = 3;
const mostLeft = { closed: mostOpen, over: 1, all: 0 } as const;

const receivedPlace = measures.indexOf('received');
const sentPlace = measures.indexOf('sent');
const held = ['rtt', 'loss', 'imported', 'refused', 'exported', 'up'] as const;
const heldPlaces = held.map((measure) => [measure, measures.indexOf(measure)] as const);

/**
 * Makes a point for each minute of what is seen: the mean of each value, weighted by the time for which it held. A point belongs to its
 * minute of the wall clock. When that clock steps, the minutes follow it, back or forward.
 */
export function openRecorder(): Recorder {
  let current: readonly Seen[] = [];
  let last: Moment | undefined;
  let readings = new Map<SubjectId, Reading>();
  /** In the order in which they began. */
  const minutes = new Map<number, Map<SubjectId, MinuteMeans>>();
  const over: Row[] = [];
  let index: ReadonlyMap<SubjectId, number> = new Map();

  function minuteOf(minute: number): Map<SubjectId, MinuteMeans> {
    const known = minutes.get(minute);
    if (known) return known;
    const all = new Map<SubjectId, MinuteMeans>();
    minutes.set(minute, all);
    return all;
  }

  function advance(now: Moment): void {
    const ms = last === undefined ? 0 : now.monotonicMs - last.monotonicMs;
    last = now;
    if (ms <= 0 || ms > longestMs || current.length === 0) return;
    for (const { minute, seconds } of piecesOf(now.wallMs, ms)) {
      const all = minuteOf(minute);
      for (const seen of current) {
        const means = meansIn(all, seen.id);
        for (const [measure, place] of heldPlaces) addMean(means, place, seen[measure], seconds);
      }
    }
    while (minutes.size > mostOpen) close();
  }

  function count({ id, counters }: Seen, now: Moment): void {
    if (!counters) return;
    const before = readings.get(id);
    const reading = { counters, atMs: now.monotonicMs };
    const rates = ratesBetween(before, reading);
    // Two looks right after each other: the next one tells more.
    if (before && !rates && before.counters.of === counters.of && before.atMs === reading.atMs) return;
    readings.set(id, reading);
    if (!rates || !before) return;
    for (const { minute, seconds } of piecesOf(now.wallMs, reading.atMs - before.atMs)) {
      const all = minutes.get(minute);
      // What is closed stays closed.
      if (!all) continue;
      const means = meansIn(all, id);
      addMean(means, receivedPlace, rates.received, seconds);
      addMean(means, sentPlace, rates.sent, seconds);
    }
  }

  /** Closes the minute that began first. */
  function close(): void {
    const [first] = minutes;
    if (!first) return;
    const [minute, all] = first;
    minutes.delete(minute);
    if (![...all.keys()].every((id, place) => index.get(id) === place) || index.size !== all.size)
      index = new Map([...all.keys()].map((id, place) => [id, place]));
    const points = new Uint8Array(all.size * pointBytes);
    const view = viewOf(points);
    for (const [id, means] of all) packPoint(pointOf(means), view, (index.get(id) ?? 0) * pointBytes);
    over.push({ minute, index, points });
  }

  return {
    advance,
    note: (seen, now) => {
      advance(now);
      for (const each of seen) count(each, now);
      current = seen.map(({ counters: _, ...rest }) => rest);
      const ids = new Set(seen.map(({ id }) => id));
      readings = new Map([...readings].filter(([id]) => ids.has(id)));
    },
    take: (which) => {
      while (minutes.size > mostLeft[which]) close();
      return over.splice(0);
    },
    open: (id) =>
      [...minutes].flatMap(([minute, all]) => {
        const means = all.get(id);
        return means ? [{ minute, point: pointOf(means) }] : [];
      }),
  };
}

function meansIn(all: Map<SubjectId, MinuteMeans>, id: SubjectId): MinuteMeans {
  const known = all.get(id);
  if (known) return known;
  const means = noMeans();
  all.set(id, means);
  return means;
}
