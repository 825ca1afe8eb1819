import { z } from 'zod';
import type { Status } from './status.js';

/** A number of bytes, routes, sockets. */
export const count = z.int().min(0);
export const text = z.string().min(1);
/** What a heartbeat says is wrong with the node: short lines, and few. */
export const problems = z.array(z.string().min(1).max(255)).max(13);

export const wireGuardKey = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
export const interfaceName = z.string().max(15).nullish();

/** A status as its number, which is its place in the list. */
export function statusIn(words: readonly Status[]) {
  return z
    .int()
    .min(0)
    .max(words.length - 1)
    .transform((number) => words[number] as Status);
}
