import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Measure, measures } from '../../../../src/core/history/measures.js';
import { unpackPoint } from '../../../../src/core/history/packed-point.js';
import { openRecorder, type Row, type Seen } from '../../../../src/core/history/recorder.js';

const id = '00000000000000aa';
// A whole minute.
const startMs = 1_800_000_000_000;

/** A node whose two clocks the test moves. */
function openNode() {
  const recorder = openRecorder();
  const clock = { wallMs: startMs, monotonicMs: 5_000 };
  return {
    recorder,
    pass: (seconds: number) => {
      clock.wallMs += seconds * 1000;
      clock.monotonicMs += seconds * 1000;
    },
    step: (seconds: number) => {
      clock.wallMs += seconds * 1000;
    },
    note: (...seen: readonly Partial<Seen>[]) =>
      recorder.note(
        seen.map((each) => ({ id, ...each })),
        { ...clock },
      ),
    look: () => recorder.advance({ ...clock }),
    end: () => {
      recorder.advance({ ...clock });
      return recorder.take('all');
    },
  };
}

/** Minutes since the start → the value. */
function valuesOf(rows: readonly Row[], measure: Measure, of = id): Record<number, number> {
  return Object.fromEntries(
    rows.map(({ minute, index, points }) => {
      const all = unpackPoint(new DataView(points.buffer), (index.get(of) ?? Number.NaN) * 14);
      return [minute - startMs / 60_000, Number((all[measures.indexOf(measure)] ?? 0).toFixed(3))];
    }),
  );
}

function looks(node: ReturnType<typeof openNode>, seconds: number): void {
  for (let at = 0; at < seconds; at += 3) {
    node.pass(3);
    node.look();
  }
}

describe('what is seen', () => {
  it('makes a mean of each minute, by how long each value held', () => {
    const node = openNode();
    node.note({ rtt: 10, up: 1 });
    looks(node, 30);
    node.note({ rtt: 20, up: 0 });
    looks(node, 45);
    const rows = node.end();
    expect(valuesOf(rows, 'rtt')).toEqual({ 0: 15, 1: 20 });
    expect(valuesOf(rows, 'up')).toEqual({ 0: 0.5, 1: 0 });
  });

  it('is not known where nobody could see it, and a gap where nobody looked', () => {
    const node = openNode();
    node.note({ rtt: undefined, loss: 100 });
    looks(node, 60);
    node.note({});
    looks(node, 60);
    // Suspended for an hour.
    node.pass(3600);
    node.look();
    looks(node, 60);
    const rows = node.end();
    expect(valuesOf(rows, 'rtt')).toEqual({ 0: Number.NaN, 1: Number.NaN, 62: Number.NaN });
    expect(valuesOf(rows, 'loss')).toEqual({ 0: 100, 1: Number.NaN, 62: Number.NaN });
  });

  it('of a session that is gone has no more points', () => {
    const node = openNode();
    node.note({ rtt: 1 }, { id: '00000000000000bb', rtt: 2 });
    looks(node, 60);
    node.note({ id: '00000000000000bb', rtt: 2 });
    looks(node, 60);
    expect(node.end().map(({ index }) => [...index.keys()])).toEqual([
      ['00000000000000aa', '00000000000000bb'],
      ['00000000000000bb'],
    ]);
  });
});

describe('traffic', () => {
  const counters = (received: number, sent = 0, of = 'wg_1 key') => ({ counters: { of, received, sent } });

  it('belongs to the minutes in which it went', () => {
    const node = openNode();
    node.note(counters(1000));
    looks(node, 30);
    node.note(counters(4000, 300));
    looks(node, 60);
    node.note(counters(4000, 300));
    const rows = node.end();
    expect(valuesOf(rows, 'received')).toEqual({ 0: 50, 1: 0 });
    expect(valuesOf(rows, 'sent')).toEqual({ 0: 5, 1: 0 });
  });

  it('is not known where the interface was made anew, another peer counts, or nobody read it for long', () => {
    const node = openNode();
    node.note(counters(5_000_000));
    looks(node, 60);
    // Made anew: the counter begins at 0.
    node.note(counters(100));
    looks(node, 60);
    node.note(counters(9_000_000_000_000, 0, 'wg_1 other'));
    looks(node, 420);
    node.note(counters(9_000_000_600_000, 0, 'wg_1 other'));
    looks(node, 60);
    node.note(counters(9_000_000_600_600, 0, 'wg_1 other'));
    expect(valuesOf(node.end(), 'received')).toEqual({
      0: Number.NaN,
      1: Number.NaN,
      2: Number.NaN,
      3: Number.NaN,
      4: Number.NaN,
      5: Number.NaN,
      6: Number.NaN,
      7: Number.NaN,
      8: Number.NaN,
      9: 10,
    });
  });

  it('is never negative, and never faster than a wire, whatever the counters show', () => {
    const readings = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 200 }), fc.maxSafeInteger(), fc.maxSafeInteger()),
    );
    fc.assert(
      fc.property(readings, (all) => {
        const node = openNode();
        for (const [seconds, received, sent] of all) {
          node.pass(seconds);
          node.note(counters(received, sent));
        }
        node.pass(3);
        for (const measure of ['received', 'sent'] as const)
          for (const value of Object.values(valuesOf(node.end(), measure)))
            expect(Number.isNaN(value) || (value >= 0 && value <= 12.6e9)).toBe(true);
      }),
    );
  });
});

describe('a step of the wall clock', () => {
  it('forward leaves a gap: each point stays at its minute', () => {
    const node = openNode();
    node.note({ rtt: 10 });
    looks(node, 120);
    node.step(3600);
    looks(node, 120);
    expect(Object.keys(valuesOf(node.end(), 'rtt'))).toEqual(['0', '1', '62', '63']);
  });

  it('back writes these minutes again', () => {
    const node = openNode();
    node.note({ rtt: 10 });
    looks(node, 600);
    node.step(-300);
    node.note({ rtt: 20 });
    looks(node, 120);
    const rows = node.end();
    expect(rows.map(({ minute }) => minute - startMs / 60_000)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 5, 6]);
    expect(valuesOf(rows, 'rtt')).toMatchObject({ 4: 10, 5: 20, 6: 20, 7: 10 });
  });

  it('of any size makes no point that was not measured', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: -1e9, max: 1e9 })));
    fc.assert(
      fc.property(steps, (all) => {
        const node = openNode();
        node.note({ rtt: 10, up: 1 });
        for (const [seconds, step] of all) {
          node.pass(seconds);
          node.step(step);
          node.look();
        }
        for (const value of Object.values(valuesOf(node.end(), 'rtt'))) expect(value).toBe(10);
      }),
    );
  });
});
