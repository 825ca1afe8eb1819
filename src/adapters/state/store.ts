import { basename, join } from 'node:path';
import { causeOf } from '../../platform/disk-error.js';
import { inTime } from '../../platform/in-time.js';
import type { StateStore } from '../../shell/ports/host.js';
import { seal } from './envelope.js';
import {
  addGeneration,
  asidePath,
  type Generation,
  readGenerations,
  sweepGenerations,
} from './generations.js';

/**
 * Documents in files `NAME.json` (0600) of `directory` (0700, made if absent). The one before stays as `NAME.json.1`
 * and is read where the newer cannot be used. What cannot be read is not there, and what there is to say of it goes to `warn`;
 * but a read that does not end within `limitMs` throws, for what it would have found may be there. A write that does not end
 * within `limitMs` has failed; until it ends, the next ones fail at once.
 */
export function openStateStore(
  directory: string,
  warn: (text: string) => void = () => undefined,
  limitMs = 10_000,
): StateStore {
  const failed = new Map<string, string>();
  let lastWrite: Promise<unknown> = Promise.resolve();
  let isStuck = false;
  let swept: Promise<void> | undefined;

  /** At the first use, whatever it is: a document that stays as it is is never written again. */
  function sweep(): Promise<void> {
    swept ??= sweepGenerations(directory).catch(() => undefined);
    return swept;
  }

  async function write(path: string, text: string): Promise<void> {
    try {
      await addGeneration(path, text);
      failed.delete(path);
    } catch (error) {
      failed.set(path, causeOf(error));
      throw error;
    }
  }

  /** A disk that does not answer must not hold up what needs none. */
  async function unlessStuck(written: Promise<void>): Promise<void> {
    if (await inTime(limitMs, written)) return;
    isStuck = true;
    void lastWrite.then(() => {
      isStuck = false;
    });
    throw new Error(stuck(limitMs));
  }

  return {
    read: async (name) => {
      const path = pathOf(directory, name);
      const read = sweep().then(() => readGenerations(path));
      const generations = await inTime(limitMs, read);
      if (!generations) throw new Error(unread(directory, path, limitMs));
      for (const text of describeUnusable(generations.value)) warn(text);
      return generations.value.find((generation) => generation.kind === 'good')?.document;
    },
    write: async (name, document) => {
      const path = pathOf(directory, name);
      const text = seal(document);
      if (isStuck) throw new Error(stuck(limitMs));
      // One after another: two writers of one name would take each other's generations away.
      const written = lastWrite.then(sweep).then(() => write(path, text));
      lastWrite = written.catch(() => undefined);
      await unlessStuck(written);
    },
    get problem() {
      const cause = isStuck ? stuck(limitMs) : [...failed.values()][0];
      return cause === undefined
        ? undefined
        : `${directory} cannot be written (${cause}): the node runs on, but a restart would begin with what is stored now`;
    },
  };
}

function unread(directory: string, path: string, limitMs: number): string {
  return `the state directory ${directory} does not answer: the agent could not read ${basename(path)} within ${limitMs / 1000} s, and does not go on without what may be there. Look at its disk or mount (findmnt -T ${directory}; dmesg)`;
}

function stuck(limitMs: number): string {
  return `a write did not end within ${limitMs / 1000} s`;
}

function pathOf(directory: string, name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) return join(directory, `${name}.json`);
  throw new Error(`${JSON.stringify(name).slice(0, 80)} is not a name for a state document`);
}

function describeUnusable(generations: readonly Generation[]): string[] {
  const rest = generations.some(({ kind }) => kind === 'good')
    ? 'the agent uses the other generation'
    : 'no generation can be used';
  return generations.flatMap((generation) => {
    if (generation.kind === 'damaged') return [`${generation.path} is damaged: ${rest}`];
    if (generation.kind === 'good') return [];
    const { path, version } = generation;
    return [
      `${path} is of version ${version}, from a newer agent: ${rest}, and keeps this one as ${asidePath(path, version)}`,
    ];
  });
}
