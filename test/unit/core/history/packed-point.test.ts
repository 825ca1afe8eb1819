import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  packPoint,
  pointBytes,
  unknownPoints,
  unpackPoint,
} from '../../../../src/core/history/packed-point.js';

function packed(point: readonly number[]): number[] {
  const view = new DataView(new ArrayBuffer(pointBytes));
  packPoint(point, view, 0);
  return unpackPoint(view, 0);
}

const unknown = Number.NaN;

describe('a packed point', () => {
  it('is what it was, exactly where the numbers are small', () => {
    for (const point of [
      [12.345 / 4, 0, 0, 2047, 0, 1, 8191, 1],
      [0.001, 100, 17, 1, 812, 0, 0, 0],
      new Array<number>(8).fill(unknown),
    ])
      expect(packed(point).map((value) => value.toFixed(2))).toEqual(point.map((value) => value.toFixed(2)));
  });

  it('keeps the size of any number', () => {
    const number = (max: number) => fc.double({ min: 0, max, noNaN: true });
    fc.assert(
      fc.property(
        number(120_000),
        number(100),
        number(1e12),
        number(1e6),
        number(1),
        (rtt, loss, bytes, routes, up) => {
          const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = packed([
            rtt,
            loss,
            bytes,
            bytes / 3,
            routes,
            routes / 3,
            routes / 7,
            up,
          ]);
          expect(Math.abs(a - rtt)).toBeLessThanOrEqual(0.0005 + rtt * 0.0003);
          expect(Math.abs(b - loss)).toBeLessThanOrEqual(0.5);
          for (const [found, wanted] of [
            [c, bytes],
            [d, bytes / 3],
          ] as const)
            expect(Math.abs(found - wanted)).toBeLessThanOrEqual(0.5 + wanted * 0.0005);
          for (const [found, wanted] of [
            [e, routes],
            [f, routes / 3],
            [g, routes / 7],
          ] as const)
            expect(Math.abs(found - wanted)).toBeLessThanOrEqual(0.5 + wanted * 0.0002);
          expect(Math.abs(h - up)).toBeLessThanOrEqual(0.004);
        },
      ),
    );
  });

  it('does not round a flap or a lost ping away', () => {
    expect(packed([1, 0.01, 0, 0, 0, 0, 0, 0.9999])[7]).toBeLessThan(1);
    expect(packed([1, 0.01, 0, 0, 0, 0, 0, 0.0001])[7]).toBeGreaterThan(0);
    expect(packed([1, 0.01, 0, 0, 0, 0, 0, 1])[1]).toBeGreaterThan(0);
  });

  it('is never negative, endless or of another size, whatever was measured', () => {
    const anything = fc.array(fc.double(), { maxLength: 9 });
    fc.assert(
      fc.property(anything, (point) => {
        for (const [index, value] of packed(point).entries()) {
          expect(Number.isNaN(value) || (value >= 0 && Number.isFinite(value))).toBe(true);
          if (!((point[index] ?? unknown) > -1e-300)) expect(value).toBeNaN();
        }
      }),
    );
  });

  it('is not known where nobody wrote it', () => {
    const view = new DataView(unknownPoints(2).buffer);
    expect(unpackPoint(view, pointBytes)).toEqual(new Array(8).fill(Number.NaN));
  });
});
