import type { Owner } from '../../core/model/owner.js';
import { isOpen } from '../../core/plan/backoff.js';
import { isTooSoon } from '../../core/plan/cut-offs.js';
import type { Memory } from '../../core/plan/plan.js';
import type { Retry } from './status.js';

/** When an owner's tunnel is tried again; undefined where nothing waits. */
export function retryOf(
  owner: Owner,
  { backoffs, cutOffs }: Pick<Memory, 'backoffs' | 'cutOffs'>,
  nowSeconds: number,
): Retry | undefined {
  const cutOff = cutOffs.get(owner);
  if (cutOff && isTooSoon(cutOff, nowSeconds))
    return { failures: 1, atSeconds: cutOff.retryAtSeconds, isHourly: false };
  const backoff = backoffs.get(owner);
  if (!backoff || backoff.retryAtSeconds <= nowSeconds) return undefined;
  return { failures: backoff.failures, atSeconds: backoff.retryAtSeconds, isHourly: isOpen(backoff) };
}

/** `tried 7 times, now once an hour, next try in 43 min`. */
export function describeRetry({ failures, atSeconds, isHourly }: Retry, nowSeconds: number): string {
  const times = failures === 1 ? 'tried once' : `tried ${failures} times`;
  const pace = isHourly ? ', now once an hour' : '';
  const minutes = Math.ceil((atSeconds - nowSeconds) / 60);
  return `${times}${pace}, next try in ${minutes} min`;
}
