import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutMap, type MapPoint } from '../../../src/page/overview/map-layout.js';

function points(count: number, isUrgent = (_: number) => false): MapPoint[] {
  return Array.from({ length: count }, (_, n) => ({
    key: `${n}`,
    label: `peer ${n}`,
    rttMs: n % 7 === 0 ? undefined : 1 + n * 3,
    isUrgent: isUrgent(n),
  }));
}

describe('the picture of the neighborhood', () => {
  it('stays within its frame, for any number of neighbors, times and widths', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ min: 0, max: 5000, noNaN: true }), { nil: undefined }), {
          maxLength: 400,
        }),
        fc.integer({ min: 280, max: 1600 }),
        (rtts, width) => {
          const list = rtts.map((rttMs, n) => ({ key: `${n}`, label: 'x', rttMs, isUrgent: false }));
          const layout = layoutMap(list, width);
          expect(layout.points).toHaveLength(list.length);
          for (const { x, y, label } of layout.points) {
            expect(x >= 0 && x <= layout.width && y >= 0 && y <= layout.height).toBe(true);
            if (label) expect(label.y >= 0 && label.y <= layout.height).toBe(true);
          }
        },
      ),
    );
  });

  it('puts a longer round-trip time farther out, and who does not answer at the rim', () => {
    const layout = layoutMap(points(15), 1200);
    const distance = (key: string) => {
      const found = layout.points.find(({ point }) => point.key === key);
      return Math.hypot((found?.x ?? 0) - layout.center.x, (found?.y ?? 0) - layout.center.y);
    };
    expect(distance('1')).toBeLessThan(distance('5'));
    expect(distance('5')).toBeLessThan(distance('13'));
    expect(distance('13')).toBeLessThanOrEqual(distance('0'));
  });

  it('names all of a few, from above on each side, each at a place of its own', () => {
    const { points: placed } = layoutMap(points(24), 1200);
    const right = placed.filter(({ label }) => label?.side === 'right').sort((a, b) => a.y - b.y);
    expect(placed.every(({ label }) => label !== undefined)).toBe(true);
    const heights = right.map(({ label }) => label?.y ?? 0);
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    for (const [index, y] of heights.entries())
      if (index > 0) expect(y - (heights[index - 1] ?? 0)).toBeGreaterThanOrEqual(14);
  });

  it('names of many only those that matter, and on a narrow screen none', () => {
    const many = points(300, (n) => n === 17 || n === 40);
    const named = (width: number) =>
      layoutMap(many, width).points.flatMap(({ label, point }) => (label ? [point.key] : []));
    expect(named(1200).sort()).toEqual(['17', '40']);
    expect(named(330)).toEqual([]);
  });

  it('makes the signs of many small enough to be told apart, and never tiny', () => {
    const scale = (count: number, width: number) => layoutMap(points(count), width).signScale;
    expect([scale(20, 1200), scale(20, 330)]).toEqual([1, 1]);
    expect(scale(300, 1200)).toBeLessThan(0.8);
    expect(scale(300, 330)).toBeLessThan(scale(300, 1200));
    expect(scale(4000, 330)).toBeGreaterThanOrEqual(0.4);
  });

  it('gives what needs somebody more room than all the others', () => {
    const { points: placed, center } = layoutMap(
      points(300, (n) => n < 8),
      1200,
    );
    const angle = (n: number) => Math.atan2((placed[n]?.y ?? 0) - center.y, (placed[n]?.x ?? 0) - center.x);
    const gap = (n: number) => angle(n + 1) - angle(n);
    expect(gap(1)).toBeCloseTo(Math.PI / 3 / 4);
    expect(gap(1) / gap(100)).toBeGreaterThan(10);
  });

  it('draws rings of round times, apart from each other', () => {
    const { rings } = layoutMap(points(30), 1200);
    expect(rings.length).toBeGreaterThan(1);
    for (const [index, { radius }] of rings.entries())
      if (index > 0) expect((rings[index - 1]?.radius ?? 0) - radius).toBeGreaterThanOrEqual(34);
    expect(layoutMap([], 1200).rings).toEqual([]);
  });
});
