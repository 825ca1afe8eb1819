import type { NodeEvent } from '../../core/model/events/event.js';

/** The events of the node on disk: the newest, as many as there is room for. */
export interface EventStore {
  /** Stores them after those that are there. Throws where they cannot be stored; none of them is stored then. */
  append(events: readonly NodeEvent[]): Promise<void>;
  /** All that are there, oldest first. What cannot be read is left out. Throws where the files are there and cannot be opened. */
  read(): Promise<readonly NodeEvent[]>;
}
