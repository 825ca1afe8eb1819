import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockBytes,
  headBytes,
  packBlock,
  type Run,
  rowBytes,
  rowOffset,
  tableBytes,
  unpackHead,
  unpackRow,
  unpackTable,
} from '../../../../src/core/history/block.js';
import { crc32 } from '../../../../src/core/history/checksum.js';
import { pointBytes } from '../../../../src/core/history/packed-point.js';
import { subjectId } from '../../../../src/core/history/subject-id.js';

const runs: fc.Arbitrary<Run> = fc
  .record({
    step: fc.constantFrom(60 as const, 900 as const),
    start: fc.nat(0xffffffff),
    steps: fc.integer({ min: 1, max: 20 }),
    keys: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 12 }),
    seed: fc.nat(),
  })
  .map(({ keys, seed, ...rest }) => ({
    ...rest,
    points: new Map(
      keys.map((key) => [
        subjectId(key),
        Uint8Array.from({ length: rest.steps * pointBytes }, (_, at) => (seed * 31 + at * 7) % 256),
      ]),
    ),
  }));

/** What a reader has of a block; undefined where it does not take it, or a part of it. */
function unpack(bytes: Uint8Array) {
  const read = unpackHead(bytes.subarray(0, headBytes));
  if (read.kind !== 'good') return undefined;
  const { head } = read;
  if (bytes.length < blockBytes(head)) return undefined;
  const table = unpackTable(bytes.subarray(headBytes, headBytes + tableBytes(head)), head);
  const rows = table?.map((id, index) => {
    const at = rowOffset(head, index);
    return [id, unpackRow(bytes.subarray(at, at + rowBytes(head)), head)] as const;
  });
  const { step, start, steps } = head;
  return rows && { step, start, steps, points: new Map(rows) };
}

describe('a block', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const points = new Map([...run.points].sort(([a], [b]) => (a < b ? -1 : 1)));
        expect(unpack(packBlock(run))).toEqual({ ...run, points });
      }),
    );
  });

  it('that was cut off anywhere is not taken', () => {
    fc.assert(
      fc.property(runs, fc.nat(), (run, at) => {
        const bytes = packBlock(run);
        expect(unpack(bytes.subarray(0, at % bytes.length))).toBeUndefined();
      }),
    );
  });

  it('in which one byte changed gives no wrong point', () => {
    fc.assert(
      fc.property(runs, fc.nat(), fc.integer({ min: 1, max: 255 }), (run, place, change) => {
        const bytes = packBlock(run);
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const found = unpack(bytes);
        if (!found) return;
        expect([found.step, found.start, found.steps]).toEqual([run.step, run.start, run.steps]);
        const rows = [...found.points];
        // The row in which the byte is, and no other.
        expect(rows.filter(([, points]) => points === undefined)).toHaveLength(1);
        for (const [id, points] of rows) if (points) expect(points).toEqual(run.points.get(id));
      }),
      { numRuns: 300 },
    );
  });

  it('of another version says whether it is newer or older', () => {
    const bytes = packBlock({
      step: 60,
      start: 1,
      steps: 1,
      points: new Map([[subjectId('a'), new Uint8Array(14)]]),
    });
    for (const [version, kind] of [
      [2, 'newer'],
      [0, 'older'],
    ] as const) {
      new DataView(bytes.buffer).setUint16(4, version);
      expect(unpackHead(bytes.subarray(0, headBytes))).toEqual({ kind });
    }
  });

  it('is not found in any other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(unpackHead(bytes).kind).toBe('damaged');
      }),
    );
  });
});

it('the checksum is the CRC-32 of zlib', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(crc32(bytes)).toBe(zlibCrc32(bytes));
    }),
  );
});

it('subjects have ids of their own', () => {
  const keys = Array.from({ length: 3000 }, (_, index) => `session 7c9e6679-7425-40de-944b-${index}`);
  expect(new Set(keys.map(subjectId)).size).toBe(3000);
  expect(subjectId('')).toBe('cbf29ce484222325');
  expect(subjectId('a')).toBe('af63dc4c8601ec8c');
});
