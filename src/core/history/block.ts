import { crc32 } from './checksum.js';
import type { Step } from './measures.js';
import { pointBytes, unknownPoints, viewOf } from './packed-point.js';
import type { SubjectId } from './subject-id.js';

/** The points of some subjects for steps that follow each other; `start` counts steps since 1970. */
export interface Run {
  readonly step: Step;
  readonly start: number;
  readonly steps: number;
  /** Packed points, `steps` of them for each. */
  readonly points: ReadonlyMap<SubjectId, Uint8Array>;
}

/** What the head of a block says of it. */
export interface BlockHead {
  readonly step: Step;
  readonly start: number;
  readonly steps: number;
  readonly subjects: number;
  /** Of the table of subjects: blocks with the same subjects have the same. */
  readonly tableChecksum: number;
}

/** `newer`: a later version of the agent wrote it. `damaged`: torn, changed, or something else. */
export type HeadRead =
  | { readonly kind: 'good'; readonly head: BlockHead }
  | { readonly kind: 'newer' | 'older' | 'damaged' };

// Of the form of a block; a file with another one is left out.
const version = 1;
const magic = 0x4d6f4869;

export const headBytes = 24;
const idBytes = 8;
const checksumBytes = 4;

/** A run has at most so many steps and subjects: what says more is damaged. */
export const mostSteps = 240;
export const mostSubjects = 1024;

/**
 * A run in bytes: a head, the table of its subjects, and for each of them a row of points. Head, table and each row have a checksum of
 * their own, so that one row can be read and checked without the others.
 */
export function packBlock({ step, start, steps, points }: Run): Uint8Array {
  const ids = [...points.keys()].sort();
  const head = { step, start, steps, subjects: ids.length };
  const bytes = new Uint8Array(blockBytes(head));
  const view = viewOf(bytes);
  for (const [index, id] of ids.entries()) {
    view.setBigUint64(headBytes + index * idBytes, BigInt(`0x${id}`));
    const at = rowOffset(head, index);
    const row = (points.get(id) ?? unknownPoints(steps)).subarray(0, steps * pointBytes);
    bytes.set(row, at);
    view.setUint32(at + steps * pointBytes, crc32(bytes.subarray(at, at + steps * pointBytes)));
  }
  view.setUint32(0, magic);
  view.setUint16(4, version);
  view.setUint16(6, step);
  view.setUint32(8, start);
  view.setUint16(12, steps);
  view.setUint16(14, ids.length);
  view.setUint32(16, crc32(bytes.subarray(headBytes, headBytes + tableBytes(head))));
  view.setUint32(20, crc32(bytes.subarray(0, 20)));
  return bytes;
}

/** Reads the first 24 bytes of a block. Never throws. */
export function unpackHead(bytes: Uint8Array): HeadRead {
  if (bytes.length < headBytes) return { kind: 'damaged' };
  const view = viewOf(bytes);
  if (view.getUint32(0) !== magic) return { kind: 'damaged' };
  const found = view.getUint16(4);
  if (found !== version) return { kind: found > version ? 'newer' : 'older' };
  if (view.getUint32(20) !== crc32(bytes.subarray(0, 20))) return { kind: 'damaged' };
  const [step, steps, subjects] = [view.getUint16(6), view.getUint16(12), view.getUint16(14)];
  if (step !== 60 && step !== 900) return { kind: 'damaged' };
  if (steps < 1 || steps > mostSteps || subjects < 1 || subjects > mostSubjects) return { kind: 'damaged' };
  const head = {
    step,
    start: view.getUint32(8),
    steps,
    subjects,
    tableChecksum: view.getUint32(16),
  } as const;
  return { kind: 'good', head };
}

/** The subjects of a block in the order of their rows; undefined where the table is damaged. */
export function unpackTable(bytes: Uint8Array, head: BlockHead): readonly SubjectId[] | undefined {
  if (bytes.length !== tableBytes(head) || crc32(bytes) !== head.tableChecksum) return undefined;
  const view = viewOf(bytes);
  return Array.from({ length: head.subjects }, (_, index) =>
    view
      .getBigUint64(index * idBytes)
      .toString(16)
      .padStart(16, '0'),
  );
}

/** The packed points of a row; undefined where it is damaged. */
export function unpackRow(bytes: Uint8Array, { steps }: Pick<BlockHead, 'steps'>): Uint8Array | undefined {
  if (bytes.length !== rowBytes({ steps })) return undefined;
  const points = bytes.subarray(0, steps * pointBytes);
  return viewOf(bytes).getUint32(points.length) === crc32(points) ? points : undefined;
}

type Shape = Pick<BlockHead, 'steps' | 'subjects'>;

export function blockBytes(shape: Shape): number {
  return rowOffset(shape, shape.subjects);
}

export function tableBytes({ subjects }: Pick<Shape, 'subjects'>): number {
  return subjects * idBytes;
}

export function rowBytes({ steps }: Pick<Shape, 'steps'>): number {
  return steps * pointBytes + checksumBytes;
}

/** Where the row of the subject `index` begins. */
export function rowOffset(shape: Shape, index: number): number {
  return headBytes + tableBytes(shape) + index * rowBytes(shape);
}
