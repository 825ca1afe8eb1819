import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../platform/atomic-file.js';
import type { StateStore } from '../../shell/ports.js';
import { seal, unseal } from './envelope.js';

/**
 * Documents in files `NAME.json` (0600) of `directory` (0700, made if absent). The one before stays as `NAME.json.1`
 * and is read where the newer cannot be used. Reading never throws: what cannot be read is not there.
 */
export function openStateStore(directory: string): StateStore {
  let lastWrite: Promise<unknown> = Promise.resolve();
  return {
    read: async (name) => {
      const path = pathOf(directory, name);
      const found = (await readSealed(path)) ?? (await readSealed(`${path}.1`));
      return found?.document;
    },
    write: async (name, document) => {
      const path = pathOf(directory, name);
      const text = seal(document);
      // One after another: two writers of one name would take each other's generations away.
      const written = lastWrite.then(() => replace(directory, path, text));
      lastWrite = written.catch(() => undefined);
      await written;
    },
  };
}

function pathOf(directory: string, name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) return join(directory, `${name}.json`);
  throw new Error(`${JSON.stringify(name).slice(0, 80)} is not a name for a state document`);
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

async function readSealed(path: string): Promise<{ readonly document: unknown } | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : unseal(text);
}

async function replace(directory: string, path: string, text: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const before = await readText(path);
  if (before === text) return;
  // Only a good file may push the one before it out. A crash right here leaves the good one to be read from ".1".
  if (before !== undefined && unseal(before)) await rename(path, `${path}.1`);
  await writeFileAtomic(path, text, { mode: 0o600 });
}
