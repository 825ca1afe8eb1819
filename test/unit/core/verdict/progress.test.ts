import { describe, expect, it } from 'vitest';
import { type PassProgress, passAges, whyNoProgress } from '../../../../src/core/verdict/progress.js';

const idle: PassProgress = { beganMs: 0, completedMs: 1_000, endedMs: 1_000, running: undefined };
const gapMs = 240_000;

function running(sinceMs: number, lastStepMs: number, steps: readonly string[] = []): PassProgress {
  return { ...idle, running: { sinceMs, lastStepMs, steps } };
}

describe('a pass that runs', () => {
  it('is well as long as its steps end', () => {
    expect(whyNoProgress(running(10_000, 900_000), 900_000 + 89_000, gapMs)).toBeUndefined();
  });

  it('hangs if no step has ended for more than 90 s, and the oldest step is named', () => {
    const steps = ["reading BIRD's files", 'asking BIRD'];
    const words = whyNoProgress(running(10_000, 10_000, steps), 101_000, gapMs);
    expect(words).toMatch(/^the pass hangs at: reading BIRD's files\. /);
    expect(words).toContain('tunnels and sessions stay as they are');
  });

  it('is named in the same words as long as it lasts', () => {
    const hanging = running(10_000, 10_000, ['asking BIRD']);
    expect(whyNoProgress(hanging, 101_000, gapMs)).toBe(whyNoProgress(hanging, 900_000, gapMs));
  });

  it('counts as hanging after 30 min, whatever its steps do', () => {
    expect(whyNoProgress(running(0, 1_800_000), 1_800_000, gapMs)).toBeUndefined();
    const words = whyNoProgress(running(0, 1_830_000), 1_830_000, gapMs);
    expect(words).toContain('has not ended for more than 30 min');
  });
});

describe('without a pass that runs', () => {
  it('all is well until the next is due', () => {
    expect(whyNoProgress(idle, 1_000 + gapMs, gapMs)).toBeUndefined();
  });

  it('passes that no longer begin are named', () => {
    expect(whyNoProgress(idle, 1_001 + gapMs, gapMs)).toContain('no pass has begun for more than 4 min');
  });

  it('the time counts from the start if there was none yet', () => {
    const none = { ...idle, completedMs: undefined, endedMs: undefined };
    expect(whyNoProgress(none, gapMs, gapMs)).toBeUndefined();
    expect(whyNoProgress(none, gapMs + 1, gapMs)).toBeDefined();
  });

  it('a failed pass counts as ended', () => {
    const failed = { ...idle, completedMs: undefined, endedMs: 500_000 };
    expect(whyNoProgress(failed, 600_000, gapMs)).toBeUndefined();
  });
});

describe('the ages', () => {
  it('are whole seconds since the last complete pass, and of the one that runs', () => {
    expect(passAges(running(60_000, 60_000), 62_900)).toEqual({ completedSecondsAgo: 61, runningSeconds: 2 });
  });

  it('are not there before the first pass', () => {
    const none = { ...idle, completedMs: undefined };
    expect(passAges(none, 5_000)).toEqual({ completedSecondsAgo: undefined, runningSeconds: undefined });
  });
});
