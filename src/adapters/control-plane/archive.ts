import type { StateStore } from '../../shell/ports.js';
import type { Call } from './dialect.js';

/** The last good answers on disk, as they were sent: they hold secrets, which the typed form does not write down. */
export interface Archive {
  /** Keeps an answer that was understood. A disk that cannot be written does not make it a bad answer. */
  keep(call: Call, data: unknown): Promise<void>;
  /** What was kept, read by `parse`; undefined where there is nothing, or nothing that is understood. */
  read<T>(call: Call, parse: (data: unknown) => T): Promise<T | undefined>;
}

/** Writes only what differs from what was written last: routers have flash that wears out. */
export function openArchive(state: StateStore): Archive {
  const written = new Map<Call, string>();
  return {
    keep: async (call, data) => {
      const text = JSON.stringify(data);
      if (written.get(call) === text) return;
      // The store itself says what is wrong with it; the next answer tries again.
      await state.write(`answer-${call}`, data).then(
        () => written.set(call, text),
        () => undefined,
      );
    },
    read: async (call, parse) => {
      const data = await state.read(`answer-${call}`);
      if (data === undefined) return undefined;
      try {
        return parse(data);
      } catch {
        return undefined;
      }
    },
  };
}

export const noArchive: Archive = {
  keep: async () => undefined,
  read: async () => undefined,
};
