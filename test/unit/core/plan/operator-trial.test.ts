import { expect, it } from 'vitest';
import { isTrialLong, whyTrialWaits } from '../../../../src/core/plan/operator-trial.js';

const nowSeconds = Date.UTC(2026, 10, 25, 20, 10, 31) / 1000;

function words(undoSeconds: number | undefined, later = 0): string | undefined {
  const bird = { running: true, version: '2.0.12', protocols: [], undoSeconds } as const;
  return whyTrialWaits({ bird, nowSeconds: nowSeconds + later });
}

it('an operator’s trial in BIRD is named with its end, in the same words each time', () => {
  expect(words(undefined)).toBeUndefined();
  expect(words(300)).toContain('which ends by 20:16 UTC');
  expect(words(290, 10)).toBe(words(300));
});

it('a trial of more than ten minutes is long', () => {
  const lasts = (seconds: number) => isTrialLong({ nowSeconds }, { trialSinceSeconds: nowSeconds - seconds });
  expect([lasts(600), lasts(601), isTrialLong({ nowSeconds }, {})]).toEqual([false, true, false]);
});
