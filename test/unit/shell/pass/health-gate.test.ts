import { beforeEach, describe, expect, it } from 'vitest';
import type { ObservedBird } from '../../../../src/core/model/observed.js';
import { makeFakeHost } from '../../../../src/lab/simulated/machine/fake-host.js';
import type { FakeHost } from '../../../../src/lab/simulated/machine/fake-machine.js';
import { healthGate } from '../../../../src/shell/pass/health-gate.js';
import { makeObserved } from '../../make.js';

let host: FakeHost;
let stop: AbortController;
beforeEach(() => {
  host = makeFakeHost();
  stop = new AbortController();
});

const down: ObservedBird = { running: false, reason: 'BIRD does not answer' };

function gate(answers: () => Promise<boolean>): Promise<string | undefined> {
  const observed = makeObserved({ bird: down });
  const watch = { isAnswering: () => true, answers };
  return healthGate(
    { host, watch },
    { observed, desired: { protocols: [] }, touched: [] },
    true,
    stop.signal,
  )();
}

describe('a gate that is cut off', () => {
  it('does not find good what the control plane has not said', async () => {
    const answers = async () => {
      stop.abort();
      return true;
    };
    await expect(gate(answers)).rejects.toThrow('aborted');
  });

  it('does not find bad what still had time to come back', async () => {
    host.birdRunning = false;
    host.clock.sleep = async () => stop.abort();
    await expect(gate(async () => true)).rejects.toThrow('aborted');
  });
});

it('finds good what runs while the control plane answers, and bad what silences it', async () => {
  expect(await gate(async () => true)).toBe(undefined);
  expect(await gate(async () => false)).toBe('the control plane stopped answering');
});

it('finds bad what has stopped BIRD, in the words of the look at it', async () => {
  host.birdRunning = false;
  expect(await gate(async () => true)).toBe('BIRD does not answer on /run/bird/bird.ctl');
  const back = host.clock.sleep;
  host.clock.sleep = async (...args) => {
    host.birdRunning = true;
    return back(...args);
  };
  expect(await gate(async () => true)).toBe(undefined);
});

describe('the control plane', () => {
  /** Routes that change `changes` more times, one at each look, and the looks before each question. */
  function restless(changes: number) {
    const askedAfter: number[] = [];
    let looks = 0;
    host.kernelRoutes.snapshot = async () => {
      looks += 1;
      return String(Math.min(looks, changes));
    };
    return { askedAfter, ask: () => askedAfter.push(looks) };
  }

  it('is asked when the kernel has followed BIRD, and not before', async () => {
    const { askedAfter, ask } = restless(7);
    await gate(async () => {
      ask();
      return true;
    });
    expect(askedAfter).toHaveLength(1);
    expect(askedAfter[0]).toBeGreaterThan(7);
  });

  it('is asked again where routes changed while it answered', async () => {
    const { askedAfter, ask } = restless(0);
    let route = 'before';
    host.kernelRoutes.snapshot = async () => route;
    const answers = async () => {
      ask();
      route = 'after';
      return askedAfter.length < 2;
    };
    expect(await gate(answers)).toBe('the control plane stopped answering');
    expect(askedAfter).toHaveLength(2);
  });

  it('is asked within ten seconds also where routes never rest', async () => {
    const { askedAfter, ask } = restless(Number.POSITIVE_INFINITY);
    const startedMs = host.nowMs;
    expect(
      await gate(async () => {
        ask();
        return true;
      }),
    ).toBe(undefined);
    expect(askedAfter).toHaveLength(1);
    expect(host.nowMs - startedMs).toBeLessThanOrEqual(11_000);
  });
});
