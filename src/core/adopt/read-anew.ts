import { z } from 'zod';
import type { PreservedSession } from '../model/preserved.js';
import type { Candidate } from './candidates.js';

const wishes = z.string().transform((text, context) => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'no JSON' });
    return z.NEVER;
  }
});

const previousWish = wishes.pipe(
  z.tuple([z.number(), z.string(), z.array(z.object({ name: z.string(), families: z.array(z.string()) }))]),
);

/**
 * True where the wish differs only because the agent reads the same row in another way since its upgrade, and the running
 * session is already what is wanted now: the same protocols, no family fewer, and BGP with the wanted address.
 */
export function isOnlyReadAnew(
  { wish, protocols: running }: PreservedSession,
  { protocols = [], wish: now }: Candidate,
): boolean {
  const before = previousWish.safeParse(wish);
  const after = previousWish.safeParse(now);
  if (!before.success || !after.success) return false;
  const [asn, link, previous] = before.data;
  if (asn !== after.data[0] || link !== after.data[1] || previous.length !== protocols.length) return false;
  if (protocols.length !== running.length) return false;
  return protocols.every(({ name, neighbor, families }) => {
    const wanted = previous.find((each) => each.name === name);
    const runs = running.find((each) => each.neighbor === neighbor);
    const carried = runs?.channels.map((channel) => channel.name).sort();
    return (
      wanted?.families.every((family) => families.includes(family as never)) &&
      carried?.join() === families.toSorted().join()
    );
  });
}
