import type { PassResult } from '../pass/context.js';

/** What failed on the node's own behalf, also in an earlier pass where it is not tried again. */
export function ownFailures({
  desired,
  rejected,
  failures,
  putOff,
}: Pick<PassResult, 'desired' | 'rejected' | 'failures' | 'putOff'>): string[] {
  const own = (desired.files ?? []).filter(({ owner }) => owner.kind === 'node');
  const reasons = own.flatMap(({ path }) => rejected[path] ?? []);
  const failure = failures.get({ kind: 'node' }) ?? putOff.get({ kind: 'node' });
  return [...new Set([...reasons, ...(failure === undefined ? [] : [failure])])];
}
