import { beforeEach, describe, expect, it } from 'vitest';
import type { ObservedBird } from '../../../src/core/observed.js';
import { healthGate } from '../../../src/shell/health-gate.js';
import { type FakeHost, makeFakeHost } from './fake-host.js';

let host: FakeHost;
let stop: AbortController;
beforeEach(() => {
  host = makeFakeHost();
  stop = new AbortController();
});

const down: ObservedBird = { running: false, reason: 'BIRD does not answer' };

function gate(answers: () => Promise<boolean>): Promise<string | undefined> {
  const observed = { bird: down } as Parameters<typeof healthGate>[1]['observed'];
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
  expect(await gate(async () => false)).toBe('the control plane did not answer any more');
});
