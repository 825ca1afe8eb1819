import type { Run } from '../../core/history/block.js';
import type { Step } from '../../core/history/measures.js';
import type { Stretch } from '../../core/history/series.js';
import type { SubjectId } from '../../core/history/subject-id.js';

/** Steps that follow each other; `start` counts them since 1970. */
interface Range {
  readonly step: Step;
  readonly start: number;
  readonly steps: number;
}

/** How much there is of the history, and how often it was written. */
export interface HistorySize {
  readonly files: number;
  readonly bytes: number;
  /** Since this agent started. */
  readonly writes: number;
}

/** The history of the node on disk, in two rings. What cannot be read there is not there. */
export interface HistoryStore {
  /**
   * Stores minutes behind those that are there, and the quarters of an hour that are complete at `nowSeconds` (Unix); the oldest points go.
   * Throws where the minutes cannot be stored; none of a run is stored then.
   */
  append(runs: readonly Run[], nowSeconds: number): Promise<void>;
  /** What is stored of one subject within a range, in the order in which it was stored. */
  read(id: SubjectId, range: Range): Promise<readonly Stretch[]>;
  /** What is stored of all within a range, in the order in which it was stored. */
  readAll(range: Range): Promise<readonly Run[]>;
  /** As far as the store has looked. */
  size(): HistorySize;
}
