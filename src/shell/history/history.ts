import { minute, quarter, ringSteps } from '../../core/history/measures.js';
import { pointBytes, unpackPoint, unpackRtt, viewOf } from '../../core/history/packed-point.js';
import { openRecorder, type Row } from '../../core/history/recorder.js';
import { round } from '../../core/history/rounded.js';
import { rowsOf, runsOf } from '../../core/history/runs.js';
import { emptySeries, putMinutes, putPoint, putStretches, type Series } from '../../core/history/series.js';
import { wordsOf } from '../../core/model/words-of.js';
import type { NodeState } from '../pass/node-state.js';
import type { HistorySize, HistoryStore } from '../ports/history-store.js';
import type { Clock } from '../ports/host.js';
import { openFreshness } from './freshness.js';
import { idOf, seenIn } from './seen.js';

/** How each session and mesh peer was, by the minute and by the quarter of an hour. */
export interface History {
  /** Looks at the state. Costs little where it did not change. Never throws. */
  note(state: Pick<NodeState, 'lastPass' | 'pings' | 'snapshot'>): void;
  /** The round-trip times (ms) of the last `most` minutes with the present one, oldest first; null where none is known. */
  rtts(subject: string, most: number): (number | null)[];
  /** The last hours of one subject, without the minute that is not over. */
  series(subject: string, hours: number): Promise<Series>;
  /** Undefined where nothing is stored. */
  size(): HistorySize | undefined;
  /** Stores what is not stored yet. Never throws. */
  close(): Promise<void>;
}

export interface HistoryContext {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Undefined where an operator wants none on disk. */
  readonly store: HistoryStore | undefined;
  /** Hears why the history cannot be stored, or undefined where it can. */
  onProblem(problem: string | undefined): void;
}

/** While the disk takes none, the agent keeps so many minutes; the oldest go. */
const mostWaiting = 60;
/** Minutes that stay in memory although they are stored, for `status`. */
const mostRecent = 24;
/** Between two writes, also where the wall clock steps from quarter to quarter. */
const leastBetweenMs = 14 * 60_000;
const day = 24;

/** The subjects are named by `subjectKey`. */
export function openHistory({ clock, store, onProblem }: HistoryContext): History {
  const recorder = openRecorder();
  const freshIn = openFreshness();
  let waiting: Row[] = [];
  let recent: Row[] = [];
  let storedAtMs = Number.NEGATIVE_INFINITY;
  let storedQuarter = quarterNow();
  let last: Promise<unknown> = Promise.resolve();
  let isLoaded = false;

  function minuteNow(): number {
    return Math.floor(clock.now() / (minute * 1000));
  }

  function quarterNow(): number {
    return Math.floor(clock.now() / (quarter * 1000));
  }

  function momentNow() {
    return { wallMs: clock.now(), monotonicMs: clock.monotonic() };
  }

  /** One after another, so that nobody reads what is half written. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  }

  async function loadRecent(): Promise<void> {
    const now = minuteNow();
    try {
      const range = { step: minute, start: now - mostRecent, steps: mostRecent + 1 };
      const runs = (await store?.readAll(range)) ?? [];
      const rows = runs.flatMap(rowsOf).filter((row) => row.minute >= range.start && row.minute <= now);
      recent = [...rows, ...recent].slice(-mostRecent);
    } catch (error) {
      onProblem(wordsOf(error));
    }
  }

  function take(which: 'closed' | 'over' | 'all'): void {
    const rows = recorder.take(which);
    if (rows.length === 0) return;
    waiting = [...waiting, ...rows].slice(-mostWaiting);
    recent = [...recent, ...rows].slice(-mostRecent);
  }

  async function storeWaiting(): Promise<void> {
    if (!store || waiting.length === 0) {
      waiting = [];
      return;
    }
    const batch = waiting;
    try {
      await store.append(runsOf(batch), Math.floor(clock.now() / 1000));
      const stored = new Set(batch);
      waiting = waiting.filter((row) => !stored.has(row));
      onProblem(undefined);
    } catch (error) {
      onProblem(wordsOf(error));
    }
  }

  function storeIfDue(nowMs: number): void {
    if (quarterNow() === storedQuarter || nowMs - storedAtMs < leastBetweenMs) return;
    storedQuarter = quarterNow();
    storedAtMs = nowMs;
    take('over');
    void inTurn(storeWaiting);
  }

  /** Minutes of one subject that may not be on disk. */
  function putRecent(series: Series, id: string, untilMinute: number): void {
    for (const row of new Set([...waiting, ...recent])) {
      const place = row.index.get(id);
      if (place !== undefined) putPoint(series, row.minute, pointIn(row, place));
    }
    for (const open of recorder.open(id))
      if (open.minute < untilMinute) putPoint(series, open.minute, open.point);
  }

  async function minutesOf(id: string, range: { readonly start: number; readonly steps: number }) {
    const series = emptySeries(minute, range.start, range.steps);
    putStretches(series, (await store?.read(id, { step: minute, ...range })) ?? []);
    putRecent(series, id, range.start + range.steps);
    return series;
  }

  return {
    note: (state) => {
      const { lastPass, pings } = state;
      if (!lastPass) return;
      const now = momentNow();
      if (!isLoaded) void inTurn(loadRecent);
      isLoaded = true;
      const fresh = freshIn(pings, lastPass, now.monotonicMs);
      if (fresh) recorder.note(seenIn(state, lastPass, fresh), now);
      else recorder.advance(now);
      take('closed');
      storeIfDue(now.monotonicMs);
    },
    rtts: (subject, most) => {
      const id = idOf(subject);
      const now = minuteNow();
      const known = new Array<number | null>(most).fill(null);
      const put = (at: number, rtt: number) => {
        if (at > now - most && at <= now && !Number.isNaN(rtt)) known[at - now + most - 1] = round(rtt, 3);
      };
      for (const row of recent) {
        const place = row.index.get(id);
        if (place !== undefined) put(row.minute, unpackRtt(viewOf(row.points), place * pointBytes));
      }
      for (const { minute: at, point } of recorder.open(id)) put(at, point[0] ?? Number.NaN);
      const first = known.findIndex((rtt) => rtt !== null);
      return first < 0 ? [] : known.slice(first, known.at(-1) === null ? -1 : undefined);
    },
    series: (subject, hours) =>
      inTurn(async () => {
        const id = idOf(subject);
        const now = minuteNow();
        if (hours <= day) return minutesOf(id, { start: now - hours * 60, steps: hours * 60 });
        const steps = hours * 4;
        const start = quarterNow() - steps;
        const quarters = emptySeries(quarter, start, steps);
        putStretches(quarters, (await store?.read(id, { step: quarter, start, steps })) ?? []);
        const minutes = ringSteps[minute];
        putMinutes(quarters, await minutesOf(id, { start: now - minutes, steps: minutes }));
        return quarters;
      }),
    size: () => store?.size(),
    close: async () => {
      recorder.advance(momentNow());
      take('all');
      await inTurn(storeWaiting);
    },
  };
}

function pointIn(row: Row, place: number): number[] {
  return unpackPoint(viewOf(row.points), place * pointBytes);
}
