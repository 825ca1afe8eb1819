import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import {
  type BlockHead,
  blockBytes,
  headBytes,
  rowBytes,
  rowOffset,
  tableBytes,
  unpackHead,
  unpackRow,
  unpackTable,
} from '../../../core/history/block.js';
import type { Step } from '../../../core/history/measures.js';
import type { SubjectId } from '../../../core/history/subject-id.js';

/** A block and its place in the file. */
export interface Entry extends BlockHead {
  readonly offset: number;
}

/** What a file of the history has, as far as it can be used. */
export interface Contents {
  readonly entries: readonly Entry[];
  /** Where the last good block ends. */
  readonly end: number;
  /** Why what follows cannot be used; undefined where nothing follows. */
  readonly problem: string | undefined;
}

/** Larger than any that the agent writes. */
const mostBytes = 64 * 1024 * 1024;

/** Opens only a regular file, and never waits for a writer. Throws the system's error, or one that says what is there. */
async function openRegular(path: string, flags: number): Promise<FileHandle> {
  const file = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  try {
    if (!(await file.stat()).isFile()) throw new Error('it is not a file');
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The heads of all blocks of a file. */
export async function readContents(path: string, step: Step): Promise<Contents> {
  const file = await openRegular(path, constants.O_RDONLY);
  try {
    const { size } = await file.stat();
    if (size > mostBytes) return { entries: [], end: 0, problem: 'it is too large' };
    const entries: Entry[] = [];
    let end = 0;
    while (end < size) {
      const read = unpackHead(await readAt(file, end, headBytes));
      if (read.kind !== 'good') return { entries, end, problem: words[read.kind] };
      const next = end + blockBytes(read.head);
      if (next > size || read.head.step !== step) return { entries, end, problem: words.damaged };
      entries.push({ ...read.head, offset: end });
      end = next;
    }
    return { entries, end, problem: undefined };
  } finally {
    await file.close();
  }
}

const words = {
  damaged: 'it is damaged',
  newer: 'a newer agent wrote it',
  older: 'an older agent wrote it, in a form that this one does not know',
} as const;

/** Packed points of one subject, from one block. */
export interface FoundRow {
  readonly entry: Entry;
  readonly id: SubjectId;
  readonly points: Uint8Array;
}

/** Tables by their checksum: blocks that follow each other mostly have the same. */
export type Tables = Map<number, readonly SubjectId[]>;

/** The rows of these blocks, of one subject or of all. What is damaged is left out, and `onDamage` hears of it. */
export async function readRows(
  path: string,
  entries: readonly Entry[],
  wanted: { readonly id: SubjectId | undefined; readonly tables: Tables },
  onDamage: () => void,
): Promise<FoundRow[]> {
  const { id: only, tables } = wanted;
  const file = await openRegular(path, constants.O_RDONLY);
  try {
    const found: FoundRow[] = [];
    for (const entry of entries) {
      const table = tables.get(entry.tableChecksum) ?? (await readTable(file, entry));
      if (!table) {
        onDamage();
        continue;
      }
      tables.set(entry.tableChecksum, table);
      for (const row of await readWanted(file, entry, { table, only }))
        if (row.points) found.push({ entry, id: row.id, points: row.points });
        else onDamage();
    }
    return found;
  } finally {
    await file.close();
  }
}

async function readTable(file: FileHandle, entry: Entry): Promise<readonly SubjectId[] | undefined> {
  return unpackTable(await readAt(file, entry.offset + headBytes, tableBytes(entry)), entry);
}

async function readWanted(
  file: FileHandle,
  entry: Entry,
  { table, only }: { readonly table: readonly SubjectId[]; readonly only: SubjectId | undefined },
) {
  const first = only === undefined ? 0 : table.indexOf(only);
  if (first < 0) return [];
  const ids = only === undefined ? table : [only];
  const bytes = await readAt(file, entry.offset + rowOffset(entry, first), ids.length * rowBytes(entry));
  return ids.map((id, index) => ({
    id,
    points: unpackRow(bytes.subarray(index * rowBytes(entry), (index + 1) * rowBytes(entry)), entry),
  }));
}

/** Fewer bytes where the file ends before. */
async function readAt(file: FileHandle, offset: number, bytes: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, offset);
  return buffer.subarray(0, bytesRead);
}

/**
 * Writes a block at the end of a file, or into a new one. False where the file does not end at `end`. If not all of it can be written, as
 * on a full disk, none of it is; then it throws.
 */
export async function appendBlock(path: string, block: Uint8Array, end: number): Promise<boolean> {
  const flags = constants.O_WRONLY | (end === 0 ? constants.O_CREAT : 0);
  const file = await openRegular(path, flags);
  try {
    if ((await file.stat()).size !== end) return false;
    await writeAll(file, block, end).catch(async (error) => {
      await file.truncate(end).catch(() => undefined);
      throw error;
    });
    return true;
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    if (bytesWritten === 0) throw new Error('no bytes were written');
    done += bytesWritten;
  }
}
