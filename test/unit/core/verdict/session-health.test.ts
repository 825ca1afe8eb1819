import { describe, expect, it } from 'vitest';
import {
  hasTurned,
  type Look,
  nextHealth,
  type SessionHealth,
} from '../../../../src/core/verdict/session-health.js';

const start = 1_800_000_000;

/** Looks at a session once a minute for `minutes`; `isUp` says whether BGP is Established in that minute. */
function watch(
  minutes: number,
  isUp: (minute: number) => boolean,
  part: Partial<Look> = {},
  before?: SessionHealth,
): { readonly health: SessionHealth; readonly verdicts: readonly string[] } {
  const verdicts: string[] = [];
  let health = before;
  const first = before ? before.lookedAtSeconds + 60 : start;
  for (let minute = 0; minute < minutes; minute += 1) {
    const nowSeconds = first + minute * 60;
    const look = {
      nowSeconds,
      listed: 'active' as const,
      birdRuns: true,
      problem: `down ${minute}`,
      ...part,
    };
    health = nextHealth(health, { ...look, isUp: isUp(minute) });
    const verdict = `${minute}: ${health.error ?? (health.isSetUp ? 'active' : 'undecided')}`;
    if (verdict.slice(verdict.indexOf(':')) !== verdicts.at(-1)?.replace(/^\d+/, '')) verdicts.push(verdict);
  }
  if (!health) throw new Error('no look');
  return { health, verdicts };
}

const { health: good } = watch(60, () => true);

describe('a session that was up', () => {
  it('is reported as error after ten minutes without BGP, with the cause, and as active after two minutes with BGP', () => {
    const { verdicts } = watch(120, (minute) => minute >= 60, {}, good);
    expect(verdicts).toEqual(['0: active', '10: down 10', '62: active']);
  });

  it('that flaps every minute for a day keeps its verdict, whichever it is', () => {
    const flapping = (minute: number) => minute % 2 === 0;
    expect(watch(1440, flapping, {}, good).verdicts).toEqual(['0: active']);
    const { health: bad } = watch(60, () => false, {}, good);
    expect(watch(1440, flapping, {}, bad).verdicts).toEqual([`0: ${bad.error}`]);
  });

  it('that flaps for days turns at most once in six minutes on the whole', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    let isUp = true;
    const turning = () => {
      if (random() < 0.15) isUp = !isUp;
      return isUp;
    };
    const minutes = 5 * 1440;
    const { verdicts } = watch(minutes, turning, {}, good);
    expect(verdicts.length).toBeGreaterThan(10);
    expect(verdicts.length).toBeLessThanOrEqual((2 * minutes) / 12);
  });
});

describe('a session that never was up', () => {
  it('is active after it was set up, and in error after half an hour', () => {
    const { verdicts } = watch(60, () => false, { listed: 'queued-for-setup' });
    expect(verdicts).toEqual(['0: active', '30: down 30']);
  });

  it('is active as soon as it is up', () => {
    const { health: bad } = watch(60, () => false);
    expect(watch(2, () => true, {}, bad).verdicts).toEqual(['0: active']);
  });

  it('begins again when it is queued for setup again', () => {
    const { health: bad } = watch(60, () => false, { listed: 'error' });
    const { verdicts } = watch(60, () => false, { listed: 'queued-for-setup' }, bad);
    expect(verdicts).toEqual(['0: active', '30: down 30']);
  });
});

describe('a session for which BIRD never ran', () => {
  const noBird = { birdRuns: false, listed: 'queued-for-setup', problem: 'BIRD does not answer' } as const;

  it('is undecided for ten minutes, and then failed with the reason', () => {
    expect(watch(60, () => false, noBird).verdicts).toEqual(['0: undecided', '10: BIRD does not answer']);
  });

  it('is set up as soon as BIRD runs it', () => {
    const { health } = watch(60, () => false, noBird);
    expect(watch(2, () => false, { listed: 'setup-failed' }, health).verdicts).toEqual(['0: active']);
  });
});

describe('time in which nobody looked', () => {
  const { health: almost } = watch(10, () => false, {}, good);
  const next = (health: SessionHealth, seconds: number, isUp: boolean) =>
    nextHealth(health, {
      nowSeconds: health.lookedAtSeconds + seconds,
      listed: 'active',
      birdRuns: true,
      isUp,
      problem: 'down',
    });

  it.each([
    ['a day without the agent', 86_400],
    ['a clock that is a day behind', -86_400],
  ])('does not count: %s', (_, seconds) => {
    const after = next(almost, seconds, false);
    expect(after.error).toBeUndefined();
    expect(next(after, 60, false).error).toBe('down');
  });

  it('does not make a session good again', () => {
    const { health: bad } = watch(60, () => false, {}, good);
    const up = next(bad, 60, true);
    expect(next(up, 86_400, true).error).toBe(bad.error);
  });
});

it('only a turn is worth writing down', () => {
  const { health: later } = watch(5, () => true, {}, good);
  const { health: bad } = watch(60, () => false, {}, good);
  expect([hasTurned(good, later), hasTurned(good, bad), hasTurned(undefined, good)]).toEqual([
    false,
    true,
    true,
  ]);
});
