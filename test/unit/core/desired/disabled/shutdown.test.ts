import { expect, it } from 'vitest';
import { drainSeconds } from '../../../../../src/core/desired/disabled/disabled.js';
import { withShutdown } from '../../../../../src/core/desired/disabled/shutdown.js';
import type { Disabled } from '../../../../../src/core/model/disabled.js';

const now = 1000;
const since = { by: 'moenet-agent', sinceSeconds: now, isShutdown: true } as const;
const draining: Disabled = { ...since, phase: 'draining', drainedAtSeconds: now + drainSeconds };
const off: Disabled = { ...since, phase: 'off' };
const byHand: Disabled = { by: 'birdc', sinceSeconds: 5, phase: 'off' };

it('a session that is up is drained first, one that is down is disabled at once', () => {
  expect(withShutdown(undefined, true, true, now)).toEqual(draining);
  expect(withShutdown(undefined, true, false, now)).toEqual(off);
});

it('stays as it is until the option is off', () => {
  expect(withShutdown(draining, true, true, now + 9)).toBe(draining);
  expect(withShutdown(off, true, false, now + 9)).toBe(off);
});

it('comes back as if an operator enabled it', () => {
  const { isShutdown: _, ...rest } = off;
  expect(withShutdown(off, false, false, now)).toEqual({ ...rest, phase: 'returning' });
  expect(withShutdown(draining, false, true, now)).toBeUndefined();
});

it('leaves unchanged what an operator disabled by hand', () => {
  expect(withShutdown(byHand, true, false, now)).toBe(byHand);
  expect(withShutdown(byHand, false, false, now)).toBe(byHand);
});

it('takes again what an operator enabled', () => {
  expect(withShutdown({ ...byHand, phase: 'returning' }, true, false, now)).toEqual(off);
});
