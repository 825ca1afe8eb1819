import type { Run } from '../../../core/history/block.js';
import { minute, quarter, type Step } from '../../../core/history/measures.js';
import { condense, windowOf, windowQuarters, windowRange } from '../../../core/history/runs.js';
import type { SubjectId } from '../../../core/history/subject-id.js';
import { causeOf } from '../../../platform/disk-error.js';
import type { HistoryStore } from '../../../shell/ports/history-store.js';
import { openRing, type Ring, type Span } from './ring.js';
import type { FoundRow } from './segment.js';

/**
 * The history in `directory` (0700): the minutes of a day in `minutes-<number>`, quarters of an hour of 30 days in `quarters-<number>`
 * (0600). Blocks are written at the end of the newest file; nothing is synced: a power failure costs the last minutes and no wear of a flash
 * disk. `onNote` hears which file cannot be used.
 */
export function openHistoryFiles(directory: string, onNote: (text: string) => void): HistoryStore {
  const rings: Readonly<Record<Step, Ring>> = {
    60: openRing(directory, { name: 'minutes', step: minute, onNote }),
    900: openRing(directory, { name: 'quarters', step: quarter, onNote }),
  };
  let writes = 0;
  /** The last window whose quarters are stored. */
  let condensed: number | undefined;

  async function write(run: Run): Promise<void> {
    try {
      await rings[run.step].append(run);
      writes += 1;
    } catch (error) {
      throw new Error(
        `${directory} cannot be written (${causeOf(error)}): the history gets a gap, all else goes on`,
        { cause: error },
      );
    }
  }

  /** Quarters of the windows that are over. A clock that went back begins where it is now. */
  async function condenseUntil(window: number): Promise<void> {
    if (condensed === undefined) {
      const last = (await rings[quarter].spans()).at(-1);
      condensed = last ? Math.floor(last.start / windowQuarters) : Number.NEGATIVE_INFINITY;
    }
    if (condensed >= window) condensed = window - 1;
    for (const next of windowsIn(await rings[minute].spans(), condensed, window)) {
      const { start, steps } = windowRange(next);
      const run = condense(next, runsOf(await rings[minute].read({ start, steps })));
      if (run) await write(run);
      condensed = next;
    }
  }

  return {
    append: async (runs, nowSeconds) => {
      for (const run of runs) await write(run);
      // The minutes are stored; quarters that could not be are made again next time.
      await condenseUntil(windowOf(nowSeconds)).catch(() => undefined);
    },
    read: async (id, { step, start, steps }) => {
      const rows = await rings[step].read({ start, steps }, id);
      return rows.map(({ entry, points }) => ({ start: entry.start, points }));
    },
    readAll: async ({ step, start, steps }) => {
      // It is asked once, at the start: the size is known from then on.
      await rings[quarter].spans();
      return runsOf(await rings[step].read({ start, steps }));
    },
    size: () => {
      const [a, b] = [rings[minute].size(), rings[quarter].size()];
      return { files: a.files + b.files, bytes: a.bytes + b.bytes, writes };
    },
  };
}

/** The windows that minutes touch, after one window and before another. */
function windowsIn(spans: readonly Span[], after: number, before: number): number[] {
  const { steps: size } = windowRange(0);
  const touched = spans.flatMap(({ start, steps }) => [
    Math.floor(start / size),
    Math.floor((start + steps - 1) / size),
  ]);
  return [...new Set(touched)].filter((each) => each > after && each < before).sort((a, b) => a - b);
}

/** The rows of each block together. */
function runsOf(rows: readonly FoundRow[]): Run[] {
  const blocks = new Map<FoundRow['entry'], Map<SubjectId, Uint8Array>>();
  for (const { entry, id, points } of rows) {
    const block = blocks.get(entry) ?? new Map<SubjectId, Uint8Array>();
    blocks.set(entry, block.set(id, points));
  }
  return [...blocks].map(([{ step, start, steps }, points]) => ({ step, start, steps, points }));
}
