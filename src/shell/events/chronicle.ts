import type { NodeEvent } from '../../core/model/events/event.js';
import { wordsOf } from '../../core/model/words-of.js';
import type { EventStore } from '../ports/event-store.js';

/** The events of the node: those on disk, and the newest, which are stored together once per pass. */
export interface Chronicle {
  add(event: NodeEvent): void;
  /**
   * Stores the events since the last time; one write, or none. Never throws: events that cannot be stored stay for the next
   * time. Resolves when that is done.
   */
  store(): Promise<void>;
  /** All events, oldest first. Throws where those on disk cannot be read. */
  read(): Promise<readonly NodeEvent[]>;
}

/** While the disk takes none, the agent keeps this many; the oldest go. */
const mostWaiting = 2_000;

/** `onProblem` hears why events cannot be stored, or undefined where they can. */
export function openChronicle(
  disk: EventStore,
  onProblem: (problem: string | undefined) => void = () => undefined,
): Chronicle {
  let waiting: NodeEvent[] = [];
  let last: Promise<unknown> = Promise.resolve();

  /** One after another, so that no event is seen twice, or not at all. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  }

  async function storeWaiting(): Promise<void> {
    if (waiting.length === 0) return;
    const batch = waiting;
    try {
      await disk.append(batch);
      const stored = new Set(batch);
      waiting = waiting.filter((event) => !stored.has(event));
      onProblem(undefined);
    } catch (error) {
      onProblem(wordsOf(error));
    }
  }

  return {
    add: (event) => {
      waiting = [...waiting, event].slice(-mostWaiting);
    },
    store: () => inTurn(storeWaiting),
    read: () => inTurn(async () => [...(await disk.read()), ...waiting]),
  };
}
