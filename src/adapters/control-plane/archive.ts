import type { StateStore } from '../../shell/ports/host.js';
import type { DialectName, GetCall } from './dialects/dialect.js';
import { isRaw } from './parse/json.js';

/** The last good answers on disk, as they were sent: they hold secrets, which the typed form does not write. */
export interface Archive {
  /** Keeps an unwrapped answer that was understood. A disk error does not make the answer bad. */
  keep(call: GetCall, dialect: DialectName, data: unknown): Promise<void>;
  /** The stored answer, read by `parse` in the dialect of that time; undefined where `parse` does not understand it. */
  read<T>(call: GetCall, parse: (data: unknown, dialect: DialectName) => T): Promise<T | undefined>;
}

/** Writes only changes: routers have flash that wears out. */
export function openArchive(state: StateStore): Archive {
  const written = new Map<GetCall, string>();
  return {
    keep: async (call, dialect, data) => {
      const document = { dialect, data };
      const text = JSON.stringify(document);
      if (written.get(call) === text) return;
      // The store reports its own faults; the next answer tries again.
      await state.write(`answer-${call}`, document).then(
        () => written.set(call, text),
        () => undefined,
      );
    },
    read: async (call, parse) => {
      const document = await state.read(`answer-${call}`);
      if (document === undefined) return undefined;
      try {
        const { dialect, data } = labelled(document);
        return parse(data, dialect);
      } catch {
        return undefined;
      }
    },
  };
}

const names: readonly unknown[] = ['documented', 'moenet-core'] satisfies DialectName[];

/** An answer, and its dialect; `otherwise` where it does not say its own: then it is from before the second dialect. */
export function labelled(
  document: unknown,
  otherwise: DialectName = 'documented',
): { readonly dialect: DialectName; readonly data: unknown } {
  if (!isRaw(document) || !names.includes(document['dialect']) || !('data' in document))
    return { dialect: otherwise, data: document };
  return { dialect: document['dialect'] as DialectName, data: document['data'] };
}

export const noArchive: Archive = {
  keep: async () => undefined,
  read: async () => undefined,
};
