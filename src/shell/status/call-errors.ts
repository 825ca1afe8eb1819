/**
 * What is wrong with the calls to the control plane, for people: each reason once, with the calls that it struck, those
 * for the sessions first. `errors` is call → reason. Undefined where all went well.
 */
export function describeCallErrors(errors: ReadonlyMap<string, string>): string | undefined {
  const struck = new Map<string, string[]>();
  for (const [call, reason] of [...errors].sort(byWeight)) {
    struck.set(reason, [...(struck.get(reason) ?? []), call]);
  }
  const parts = [...struck].map(([reason, calls]) => `${calls.join(', ')}: ${reason}`);
  return parts.length === 0 ? undefined : parts.join('; ');
}

// What the network hangs on comes first; the rest by name, so that the words stay the same while nothing changes.
const weightiest = ['GET sessions', 'POST modify'];

function byWeight([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(call: string): number {
  const place = weightiest.indexOf(call);
  return place === -1 ? weightiest.length : place;
}
