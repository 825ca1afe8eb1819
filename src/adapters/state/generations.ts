import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../../platform/atomic-file.js';
import { sweepLeftovers } from '../../platform/leftovers.js';
import { readTextFile } from '../../platform/regular-file.js';
import { type Unsealed, unseal } from './envelope.js';

/** A generation of a state file, as it lies on the disk. */
export type Generation = Unsealed & { readonly path: string; readonly text: string };

/** The present generation of a state file and the one before it, those that are there and can be read. */
export async function readGenerations(path: string): Promise<readonly Generation[]> {
  const paths = [path, before(path)];
  const found = await Promise.all(paths.map(readGeneration));
  return found.flatMap((generation) => generation ?? []);
}

/**
 * Makes `text` the present generation. Afterwards there are two good ones, also if it is the first: a file that never
 * changes again has one to fall back to, too. A crash at any point leaves a good one.
 */
export async function addGeneration(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (const generation of await readGenerations(path)) await setAsideNewer(generation);
  const present = await readGeneration(path);
  if (present?.text !== text) {
    // Only a good file may push the one before it out.
    if (present?.kind === 'good') await rename(path, before(path));
    await write(path, text);
  }
  if ((await readGeneration(before(path)))?.kind !== 'good') await write(before(path), text);
}

/** Removes from `directory` what killed processes left of their writing. */
export async function sweepGenerations(directory: string): Promise<void> {
  await sweepLeftovers(directory, /^\.[a-z0-9-]+\.json(?:\.1)?\.([0-9a-f]{16})\.tmp$/);
}

/** An answer of the control plane has at most 8 MiB; a number in it can be longer as JavaScript writes it. */
const maxBytes = 64 * 1024 * 1024;

/** Where a file of a newer agent is kept, for the day when that one is back. */
export function asidePath(path: string, version: number): string {
  return `${path}.v${version}`;
}

async function setAsideNewer(generation: Generation): Promise<void> {
  if (generation.kind === 'newer')
    await rename(generation.path, asidePath(generation.path, generation.version));
}

function before(path: string): string {
  return `${path}.1`;
}

async function readGeneration(path: string): Promise<Generation | undefined> {
  const read = await readTextFile(path, { maxBytes }).catch(() => undefined);
  return read && { ...unseal(read.text), path, text: read.text };
}

function write(path: string, text: string): Promise<void> {
  return writeFileAtomic(path, text, { mode: 0o600 });
}
