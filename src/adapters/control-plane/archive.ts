import type { StateStore } from '../../shell/ports/host.js';
import type { DialectName, GetCall } from './dialects/dialect.js';
import { isRaw } from './parse/json.js';

/** The last good answers on disk, as they were sent: they hold secrets, which the typed form does not write down. */
export interface Archive {
  /** Keeps an answer that was understood, unwrapped. A disk that cannot be written does not make it a bad answer. */
  keep(call: GetCall, dialect: DialectName, data: unknown): Promise<void>;
  /** What was kept, read by `parse` in the dialect that it was said in; undefined where nothing is understood. */
  read<T>(call: GetCall, parse: (data: unknown, dialect: DialectName) => T): Promise<T | undefined>;
}

/** Writes only what differs from what was written last: routers have flash that wears out. */
export function openArchive(state: StateStore): Archive {
  const written = new Map<GetCall, string>();
  return {
    keep: async (call, dialect, data) => {
      const document = { dialect, data };
      const text = JSON.stringify(document);
      if (written.get(call) === text) return;
      // The store itself says what is wrong with it; the next answer tries again.
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

/** An answer without the name of a dialect was written before there was a second one. */
function labelled(document: unknown): { readonly dialect: DialectName; readonly data: unknown } {
  if (!isRaw(document) || !names.includes(document['dialect']) || !('data' in document))
    return { dialect: 'documented', data: document };
  return { dialect: document['dialect'] as DialectName, data: document['data'] };
}

export const noArchive: Archive = {
  keep: async () => undefined,
  read: async () => undefined,
};
