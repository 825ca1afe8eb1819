import { describe, expect, it } from 'vitest';
import { restartBird } from '../../../../src/shell/operations/restart-bird.js';
import type { Bird } from '../../../../src/shell/ports/bird.js';

const never = new AbortController().signal;

interface Situation {
  /** What BIRD says at each look: the sessions that are Established, or nothing where it is silent. The last goes on. */
  readonly looks: readonly (readonly string[] | undefined)[];
  /** The kernel's routes at each look. The last goes on. */
  readonly routes?: readonly string[];
  readonly fails?: string;
  readonly notBegun?: string;
  readonly undoSeconds?: number;
  /** How many of the looks find BIRD in its recovery. */
  readonly recovers?: number;
}

/** A machine whose clock moves with each sleep. */
function machine({ looks, routes = ['a\nb'], fails, notBegun, undoSeconds, recovers = 0 }: Situation) {
  let nowMs = 0;
  let restarts = 0;
  const [seen, table] = [[...looks], [...routes]];
  const next = <T>(items: T[]): T => (items.length > 1 ? (items.shift() as T) : (items[0] as T));
  let recovering = recovers;
  const observe: Bird['observe'] = async () => {
    const names = next(seen);
    if (!names) return { running: false, reason: 'connection refused' };
    const bgp = {
      state: 'Established',
      neighborAddress: undefined,
      neighborAs: undefined,
      lastError: undefined,
    };
    const isRecovering = restarts > 0 && recovering-- > 0;
    return {
      running: true,
      version: restarts === 0 ? '2.0.12' : '2.17.6',
      undoSeconds,
      ...(isRecovering && { recovering: true }),
      protocols: names.map((name) => ({
        name,
        proto: 'BGP',
        state: 'up',
        since: '',
        info: 'Established',
        disabled: false,
        bgp,
        channels: [],
      })),
    };
  };
  const restartDaemon = async () => {
    if (notBegun !== undefined) return { kind: 'not-begun', reason: notBegun };
    restarts += 1;
    if (fails !== undefined) throw new Error(fails);
    return { kind: 'restarted' };
  };
  const parts = {
    bird: { observe, restartDaemon } as unknown as Bird,
    kernelRoutes: { snapshot: async () => next(table) },
    clock: {
      now: () => nowMs,
      monotonic: () => nowMs,
      sleep: async (ms: number) => {
        nowMs += ms;
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
  };
  return { run: () => restartBird(parts, never), restarts: () => restarts };
}

describe('a restart of BIRD', () => {
  it('says what there was before and after, and waits for the sessions and the end of the recovery', async () => {
    const result = await machine({ looks: [['one', 'two'], ['one'], ['one', 'two']], recovers: 3 }).run();
    expect(result).toEqual({
      ok: true,
      errors: [],
      version: { before: '2.0.12', after: '2.17.6' },
      sessions: { before: 2, after: 2, lost: [] },
      routes: { before: 2, fewest: 2, after: 2, lost: 0 },
      seconds: expect.any(Number),
    });
  });

  it('names the sessions that do not come back, after two and a half minutes', async () => {
    const result = await machine({ looks: [['one', 'two'], ['two']] }).run();
    expect(result).toMatchObject({ ok: false, sessions: { before: 2, after: 1, lost: ['one'] } });
    expect(result.errors).toEqual(['not Established again: one; see birdc show protocols all one']);
    expect(result.seconds).toBeCloseTo(150, 0);
  });

  it('counts the routes that are gone, and those that were gone in between', async () => {
    const back = await machine({ looks: [['one']], routes: ['a\nb', 'a', 'a\nb'] }).run();
    expect(back).toMatchObject({ ok: true, routes: { before: 2, fewest: 1, after: 2, lost: 0 } });
    const gone = await machine({ looks: [['one']], routes: ['a\nb', 'a\nc'] }).run();
    expect(gone).toMatchObject({ ok: false, routes: { before: 2, after: 2, lost: 1 } });
  });

  it('says only why where it is not begun', async () => {
    const bird = machine({ looks: [['one']], notBegun: 'BIRD runs in the foreground' });
    expect(await bird.run()).toEqual({ ok: false, errors: ['BIRD runs in the foreground'] });
  });

  it('says what went wrong, and what runs now', async () => {
    const result = await machine({ looks: [['one']], fails: 'it started without recovery' }).run();
    expect(result).toMatchObject({
      ok: false,
      errors: ['it started without recovery'],
      sessions: { lost: [] },
    });
  });

  it('says that BIRD does not answer any more', async () => {
    const result = await machine({ looks: [['one'], undefined], fails: 'it does not start' }).run();
    expect(result.errors).toEqual(['it does not start', 'BIRD does not answer: connection refused']);
  });

  it.each([
    ['BIRD does not answer', { looks: [undefined] }, /nothing to restart: connection refused/],
    ['an operator has a configuration on trial', { looks: [['one']], undoSeconds: 20 }, /on trial in BIRD/],
  ])('is not begun where %s', async (_, situation, words) => {
    const bird = machine(situation);
    expect((await bird.run()).errors[0]).toMatch(words);
    expect(bird.restarts()).toBe(0);
  });
});
