import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `holds` says true and resolves to how long that took, in milliseconds. Throws after `limitMs`. */
export async function waitFor(
  what: string,
  holds: () => Promise<boolean>,
  limitMs = 60_000,
): Promise<number> {
  const startedMs = Date.now();
  while (!(await holds())) {
    if (Date.now() - startedMs > limitMs) throw new Error(`waited ${limitMs / 1000} s until ${what}`);
    await sleep(50);
  }
  return Date.now() - startedMs;
}
