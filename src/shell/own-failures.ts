import { formatMark } from '../core/model/owner.js';
import type { PassResult } from './reconciler.js';

/** What failed on the node's own behalf, also in an earlier pass where it is not tried again. */
export function ownFailures({
  desired,
  rejected,
  failures,
}: Pick<PassResult, 'desired' | 'rejected' | 'failures'>): string[] {
  const own = (desired.files ?? []).filter(({ owner }) => owner.kind === 'node');
  const reasons = own.flatMap(({ path }) => rejected[path] ?? []);
  const failure = failures.get(formatMark({ kind: 'node' }));
  return [...new Set([...reasons, ...(failure === undefined ? [] : [failure])])];
}
