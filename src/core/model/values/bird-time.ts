/**
 * How much later `after` is than `before`, two of BIRD's times, in ms; undefined where they are not of one form. BIRD counts a time back from now each
 * time it writes it, so the same one differs by a millisecond, and where it writes whole seconds by one of these.
 */
export function laterByMs(before: string, after: string): number | undefined {
  const [from, to] = [read(before), read(after)];
  return from && to && from.hasDate === to.hasDate ? to.ms - from.ms : undefined;
}

/** Two re-establishments of one session are further apart. */
export const roundingMs = 1_500;

/** True for two texts of one time. */
export function isSameBirdTime(one: string, other: string): boolean {
  return one === other || Math.abs(laterByMs(one, other) ?? Number.POSITIVE_INFINITY) <= roundingMs;
}

/** `2026-11-23 19:10:39.244` or `19:10:39.244` (BIRD manual, timeformat: `iso long ms`, `iso short ms`), with or without a part of a second. */
const form = /^(?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d:\d\d(?:\.\d{1,6})?)$/;

function read(text: string): { readonly hasDate: boolean; readonly ms: number } | undefined {
  const [, date, time] = form.exec(text) ?? [];
  if (time === undefined) return undefined;
  return { hasDate: date !== undefined, ms: Date.parse(`${date ?? '1970-01-01'}T${time.slice(0, 12)}Z`) };
}
