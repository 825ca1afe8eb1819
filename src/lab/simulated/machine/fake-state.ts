import type { StateStore } from '../../../shell/ports/host.js';

/** Documents in memory, as JSON, so that what cannot be written down does not survive. */
export function makeFakeState(): StateStore & { readonly documents: Map<string, string> } {
  const documents = new Map<string, string>();
  return {
    documents,
    read: async (name) => {
      const text = documents.get(name);
      return text === undefined ? undefined : JSON.parse(text);
    },
    write: async (name, document) => {
      documents.set(name, JSON.stringify(document));
    },
    problem: undefined,
  };
}
