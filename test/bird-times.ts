import { expect } from 'vitest';

const timeOfDay = /\b(\d\d):(\d\d):(\d\d(?:\.\d+)?)/;

/**
 * Since when something lasts, as BIRD tells it. BIRD works the time out anew for each answer, from two clocks, and is now
 * a little early, now late: so two of these are equal to `toEqual` where they may be the same moment.
 */
export class BirdTime {
  readonly words: string;
  readonly #ms: number;
  readonly #precisionMs: number;

  /** The first time of day in BIRD's words, such as `23:43:23` or `23:43:23.764`; throws where there is none. */
  constructor(words: string) {
    this.words = words;
    const [hours, minutes, seconds] = timeOfDay.exec(words)?.slice(1) ?? [];
    if (seconds === undefined) throw new Error(`no time of day in ${JSON.stringify(words)}`);
    this.#ms = (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
    this.#precisionMs = seconds.includes('.') ? 1 : 1000;
  }

  isSame(other: BirdTime): boolean {
    return Math.abs(this.#ms - other.#ms) <= this.#precisionMs + 50;
  }
}

expect.addEqualityTesters([
  (one, other) => (one instanceof BirdTime && other instanceof BirdTime ? one.isSame(other) : undefined),
]);

/** BIRD's words without their times of day. */
export function withoutTimes(words: string): string {
  return words.replaceAll(new RegExp(timeOfDay, 'g'), '');
}
