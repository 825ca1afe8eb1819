import { describe, expect, it } from 'vitest';
import { type Alone, describeAlone, nextAlone } from '../../../../src/core/desired/policy/alone.js';
import type { ObservedBird } from '../../../../src/core/model/observed.js';

const birdWith = (babelNeighbors: number | undefined): ObservedBird => ({
  running: true,
  version: '2.0.12',
  protocols: [],
  babelNeighbors,
});
const not: Alone = { isAlone: false };
const alone: Alone = { isAlone: true };

/** One look after the other: seconds, and how many neighbors Babel has then. */
function after(start: Alone, looks: readonly (readonly [number, number | undefined])[]): Alone {
  return looks.reduce((now, [seconds, count]) => nextAlone(now, birdWith(count), true, seconds), start);
}

describe('a node', () => {
  it.each([
    [
      'is alone when Babel has had no neighbor for 30 s',
      not,
      [
        [100, 0],
        [130, 0],
      ],
      true,
    ],
    [
      'is not before',
      not,
      [
        [100, 0],
        [129, 0],
      ],
      false,
    ],
    [
      'is not where the mesh comes and goes',
      not,
      [
        [100, 0],
        [120, 1],
        [140, 0],
        [160, 1],
        [180, 0],
      ],
      false,
    ],
    [
      'stays alone where the mesh comes and goes',
      alone,
      [
        [100, 1],
        [120, 0],
        [140, 1],
        [160, 0],
        [180, 1],
      ],
      true,
    ],
    [
      'is no longer alone when Babel has had a neighbor for 30 s',
      alone,
      [
        [100, 2],
        [131, 1],
      ],
      false,
    ],
    [
      'keeps its last state if BIRD does not say',
      alone,
      [
        [100, undefined],
        [200, undefined],
      ],
      true,
    ],
    [
      'waits again after a time in which BIRD did not say',
      not,
      [
        [100, 0],
        [120, undefined],
        [140, 0],
      ],
      false,
    ],
    [
      'waits again if the clock was set back',
      not,
      [
        [1000, 0],
        [100, 0],
        [129, 0],
      ],
      false,
    ],
  ] as const)('%s', (_, start, looks, isAlone) => {
    expect(after(start, looks).isAlone).toBe(isAlone);
  });

  it('is never alone if it has no tunnel to another node', () => {
    expect(nextAlone(alone, birdWith(0), false, 100)).toEqual({ isAlone: false });
  });

  it('keeps its last state while BIRD does not answer', () => {
    expect(nextAlone(alone, { running: false, reason: 'off' }, true, 100).isAlone).toBe(true);
  });

  it('says that it is alone, and what happens to our own blocks', () => {
    expect(describeAlone(alone, 'drain')).toEqual([
      expect.stringMatching(/reaches no other node of ours.*with graceful shutdown.*policy\.whenAlone/),
    ]);
    expect(describeAlone(alone, 'withdraw')).toEqual([expect.stringContaining('does not announce')]);
    expect(describeAlone(not, 'drain')).toEqual([]);
  });
});
