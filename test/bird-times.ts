import { expect } from 'vitest';

const timeOfDay = /\b(\d\d):(\d\d):(\d\d(?:\.\d+)?)/;

/** Milliseconds since midnight of the first time of day in BIRD's words, such as `23:43:23.764`; NaN where there is none. */
export function msOfDay(words: string): number {
  const [hours, minutes, seconds] = timeOfDay.exec(words)?.slice(1).map(Number) ?? [];
  return Math.round(((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000);
}

/**
 * Matches the same moment in another answer: BIRD works the time of day out anew each time, from two clocks, and is now a
 * millisecond early, now late.
 */
export function sameMoment(ms: number): unknown {
  return expect.closeTo(ms, -2);
}

/** BIRD's words without their times of day. */
export function withoutTimes(words: string): string {
  return words.replaceAll(new RegExp(timeOfDay, 'g'), '');
}
