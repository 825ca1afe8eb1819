import { lstat, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type NodeEvent, nodeEvent } from '../../core/model/events/event.js';
import { causeOf } from '../../platform/disk-error.js';
import { readTextFile, unlessAbsent } from '../../platform/regular-file.js';
import type { EventStore } from '../../shell/ports/event-store.js';

export interface EventFilesOptions {
  /** A file of this size is full; there are two of them. */
  readonly fullBytes?: number;
  /** A file is also full when its first event is so old, in ms. Older ones are gone at twice this age. */
  readonly fullAfterMs?: number;
  /** Unix time in milliseconds. */
  now(): number;
}

/**
 * Events in `events.jsonl` (0600) of `directory`, one JSON document in a line, and in `events.jsonl.1`, which were before them. A
 * batch is one write at the end of the file, and nothing is synced: a power failure costs the last seconds and no wear of a
 * flash disk. A line that is torn is left out when the file is read.
 */
export function openEventFiles(
  directory: string,
  { fullBytes = 1024 * 1024, fullAfterMs = 15 * 86_400_000, now }: EventFilesOptions,
): EventStore {
  const path = join(directory, 'events.jsonl');
  const before = `${path}.1`;
  let firstAtMs: number | undefined;

  return {
    append: async (events) => {
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await makeRoom();
        await appendText(path, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
        firstAtMs ??= events[0]?.atMs;
      } catch (error) {
        throw new Error(`${path} cannot be written (${causeOf(error)})`, { cause: error });
      }
    },
    read: async () => {
      const oldestMs = now() - 2 * fullAfterMs;
      const [old, present] = [await readEvents(before), await readEvents(path)];
      return [...old, ...present].filter(({ atMs }) => atMs >= oldestMs);
    },
  };

  /** The present file becomes the one before where it is full; that one goes. */
  async function makeRoom(): Promise<void> {
    const found = await lstat(path).catch(() => undefined);
    if (!found) return;
    if (!found.isFile()) throw new Error('it is not a file');
    firstAtMs ??= (await readEvents(path))[0]?.atMs ?? now();
    const isOld = now() - firstAtMs > fullAfterMs;
    if (found.size < fullBytes && !isOld) return;
    await rename(path, before);
    firstAtMs = undefined;
  }
}

/** Appends in one write. If not all of it can be written, as on a full disk, none of it is. */
async function appendText(path: string, text: string): Promise<void> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1, '\n');
    if (size > 0) await file.read(last, 0, 1, size - 1);
    // What a power failure tore ends here.
    const start = last[0] === 0x0a ? '' : '\n';
    await file.appendFile(start + text).catch(async (error) => {
      await file.truncate(size).catch(() => undefined);
      throw error;
    });
  } finally {
    await file.close();
  }
}

const event = nodeEvent.extend({
  // A newer agent may know more kinds.
  kind: nodeEvent.shape.kind.catch('note'),
  level: nodeEvent.shape.level.catch('info'),
});

/** The events of a file in their order; none where there is no file. */
async function readEvents(path: string): Promise<NodeEvent[]> {
  const read = await unlessAbsent(readTextFile(path, { maxBytes: 64 * 1024 * 1024 }));
  return (read?.text ?? '').split('\n').flatMap((line): NodeEvent[] => {
    const parsed = event.safeParse(documentIn(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function documentIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
