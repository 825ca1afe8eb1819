import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { headBytes, packBlock, type Run, unpackHead } from '../../../core/history/block.js';
import { ringSteps, type Step } from '../../../core/history/measures.js';
import type { SubjectId } from '../../../core/history/subject-id.js';
import { causeOf } from '../../../platform/disk-error.js';
import { unlessAbsent } from '../../../platform/regular-file.js';
import { appendBlock, type Contents, type FoundRow, readContents, readRows, type Tables } from './segment.js';

/** Steps that follow each other; `start` counts them since 1970. */
export interface Span {
  readonly start: number;
  readonly steps: number;
}

/** One ring: blocks in files that follow each other. When a new file begins, the oldest goes. */
export interface Ring {
  /** Throws where it cannot be written; none of it is then. */
  append(run: Run): Promise<void>;
  /** In the order in which they were stored. Throws where the files are there and cannot be opened. */
  read(span: Span, id?: SubjectId): Promise<readonly FoundRow[]>;
  /** Of which steps there are blocks, in the order in which they were stored. */
  spans(): Promise<readonly Span[]>;
  /** As far as they have been looked at. */
  size(): { readonly files: number; readonly bytes: number };
}

interface File extends Contents {
  readonly path: string;
  readonly number: number;
}

/** A ring has so many files besides the one that is being written, and each of them an eighth of the steps. */
const parts = 8;
/** Files without usable blocks do not fill the ring; there are never more than this. */
const mostFiles = 24;

/** The files `NAME-<number>` of `directory`. `onNote` hears what cannot be used, a sentence for each file. */
export function openRing(
  directory: string,
  { name, step, onNote }: { readonly name: string; readonly step: Step; onNote(text: string): void },
): Ring {
  let files: File[] | undefined;
  const noted = new Set<string>();
  const fullSteps = ringSteps[step] / parts;

  function note(path: string, why: string): void {
    if (noted.has(path)) return;
    noted.add(path);
    onNote(`${path} cannot be used: ${why}. The history lacks what is in it; the agent goes on without`);
  }

  async function load(): Promise<File[]> {
    if (files) return files;
    const pattern = new RegExp(`^${name}-(\\d{1,15})$`);
    const names = (await unlessAbsent(readdir(directory))) ?? [];
    const numbers = names.flatMap((each) => pattern.exec(each)?.[1] ?? []).map(Number);
    const found: File[] = [];
    for (const number of numbers.sort((a, b) => a - b)) {
      const path = join(directory, `${name}-${number}`);
      const contents = await readContents(path, step).catch(
        (error): Contents => ({ entries: [], end: 0, problem: causeOf(error) }),
      );
      if (contents.problem !== undefined) note(path, contents.problem);
      found.push({ path, number, ...contents });
    }
    files = found;
    return found;
  }

  /** The file for the next block: the last one, unless it is full or cannot be continued. */
  function present(known: readonly File[]): File {
    const last = known.at(-1);
    if (last && last.problem === undefined && stepsIn(last) < fullSteps) return last;
    const number = (last?.number ?? 0) + 1;
    return { path: join(directory, `${name}-${number}`), number, entries: [], end: 0, problem: undefined };
  }

  /** The newest files that fill the ring stay. */
  async function dropOldest(known: readonly File[]): Promise<File[]> {
    let steps = 0;
    let kept = 0;
    while (kept < known.length && kept < mostFiles && (kept === 0 || steps < ringSteps[step])) {
      const file = known[known.length - 1 - kept];
      // The one that is being written may have few steps yet.
      if (file && kept > 0) steps += stepsIn(file);
      kept += 1;
    }
    const dropped = known.slice(0, known.length - kept);
    // Where one cannot be removed, it stays beside the ring.
    await Promise.all(dropped.map(({ path }) => unlink(path).catch(() => undefined)));
    return known.slice(known.length - kept);
  }

  async function append(run: Run): Promise<void> {
    const block = packBlock(run);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if (await appended(block)) return;
    // Somebody removed or changed the file: what is there now counts.
    files = undefined;
    if (await appended(block)) return;
    files = undefined;
    throw new Error(`something else writes into ${name}-*`);
  }

  /** False where the file is not as it was left. */
  async function appended(block: Uint8Array): Promise<boolean> {
    const known = await load();
    const file = present(known);
    const isWritten = await unlessAbsent(appendBlock(file.path, block, file.end)).catch((error) => {
      // A part of the block may be in it.
      files = undefined;
      throw error;
    });
    if (!isWritten) return false;
    const read = unpackHead(block.subarray(0, headBytes));
    const entries = read.kind === 'good' ? [{ ...read.head, offset: file.end }] : [];
    const grown = { ...file, entries: [...file.entries, ...entries], end: file.end + block.length };
    const all = [...known.filter(({ number }) => number !== file.number), grown];
    files = file.end === 0 ? await dropOldest(all) : all;
    return true;
  }

  async function read(span: Span, id?: SubjectId): Promise<readonly FoundRow[]> {
    const tables: Tables = new Map();
    const rows: FoundRow[] = [];
    for (const file of await load()) {
      const entries = file.entries.filter(
        ({ start, steps }) => start < span.start + span.steps && start + steps > span.start,
      );
      if (entries.length === 0) continue;
      const found = await unlessAbsent(
        readRows(file.path, entries, { id, tables }, () => note(file.path, 'a part of it is damaged')),
      );
      // An operator may have removed it.
      if (!found) files = undefined;
      rows.push(...(found ?? []));
    }
    return rows;
  }

  return {
    append,
    read,
    spans: async () => (await load()).flatMap(({ entries }) => entries),
    size: () => ({
      files: files?.length ?? 0,
      bytes: (files ?? []).reduce((sum, { end }) => sum + end, 0),
    }),
  };
}

function stepsIn({ entries }: File): number {
  return entries.reduce((sum, { steps }) => sum + steps, 0);
}
