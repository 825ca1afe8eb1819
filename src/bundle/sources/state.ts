import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unseal } from '../../adapters/state/envelope.js';
import { readTextFile } from '../../platform/regular-file.js';
import { partOf } from '../part-of.js';
import type { Part, Source } from '../source.js';

const documents = /^(?:memory|templates|answer-[a-z-]+)\.json$/;

/** What the agent remembers on disk, and which files there are. The events are a part of their own. */
export const state: Source = {
  name: 'state',
  limitMs: 20_000,
  collect: async ({ paths: { stateDir } }) => {
    const listing = await partOf('state/listing.txt', async () => ({
      // Of the history, which is large, only the sizes.
      text: (await list(stateDir)) + (await list(join(stateDir, 'history')).catch(() => '')),
    }));
    if ('missing' in listing) return [listing];
    const names = (await readdir(stateDir)).filter((name) => documents.test(name)).sort();
    const read = names.map((name) =>
      partOf(`state/${name}`, async () => ({ document: await documentIn(join(stateDir, name)) })),
    );
    return [listing, ...(await Promise.all(read))] satisfies Part[];
  },
};

async function list(directory: string): Promise<string> {
  const names = (await readdir(directory)).sort();
  const lines = names.map(async (name) => {
    const { mode, uid, gid, size, mtime } = await lstat(join(directory, name));
    return `${mode.toString(8)} ${uid}:${gid} ${size} ${mtime.toISOString()} ${name}\n`;
  });
  return [`${directory}\n`, ...(await Promise.all(lines))].join('');
}

async function documentIn(path: string): Promise<unknown> {
  const { text } = await readTextFile(path, { links: 'refuse', maxBytes: 16 * 1024 * 1024 });
  const sealed = unseal(text);
  if (sealed.kind === 'good') return sealed.document;
  // In a text that is no JSON, secrets cannot be told from the rest.
  throw new Error(sealed.kind === 'damaged' ? 'it is damaged' : 'a newer agent wrote it');
}
