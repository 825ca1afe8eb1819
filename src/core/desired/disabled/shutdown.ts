import type { Disabled } from '../../model/disabled.js';
import { drainSeconds } from './disabled.js';

/**
 * How a session is disabled now that its option `shutdown` is on or off. It goes the way of `disable`: traffic is led away first
 * where it is Established, and it comes back as if an operator enabled it. What an operator switched off by hand stays his.
 */
export function withShutdown(
  before: Disabled | undefined,
  isShutdown: boolean,
  isEstablished: boolean,
  nowSeconds: number,
): Disabled | undefined {
  if (isShutdown) {
    const isOffAlready = before?.phase === 'off' && before.protocols === undefined;
    if (isOffAlready || (before?.isShutdown && before.phase === 'draining')) return before;
    const since = { by: 'moenet-agent', isShutdown, sinceSeconds: nowSeconds } as const;
    return isEstablished
      ? { ...since, phase: 'draining', drainedAtSeconds: nowSeconds + drainSeconds }
      : { ...since, phase: 'off' };
  }
  if (!before?.isShutdown) return before;
  const { isShutdown: _, ...rest } = before;
  return before.phase === 'draining' ? undefined : { ...rest, phase: 'returning' };
}
