import { setTimeout as sleep } from 'node:timers/promises';

/** After a look the next one waits so many times as long as that took: what is waited for shall have the machine. */
const restPerLook = 3;

/** Waits until `holds` says true and resolves to how long that took, in milliseconds. Throws after `limitMs`. */
export async function waitFor(
  what: string,
  holds: () => Promise<boolean>,
  limitMs = 60_000,
): Promise<number> {
  const startedMs = Date.now();
  for (;;) {
    const lookedMs = Date.now();
    if (await holds()) return Date.now() - startedMs;
    if (Date.now() - startedMs > limitMs) throw new Error(`waited ${limitMs / 1000} s until ${what}`);
    await sleep(Math.min(500, Math.max(20, restPerLook * (Date.now() - lookedMs))));
  }
}
