import type { Disabled } from '../../model/disabled.js';
import { nameOfSession } from '../../model/session.js';
import { type DesiredSession, protocolNames } from '../sessions.js';

/**
 * Why a disabled session does not run and how to enable it, for the people on both sides of the control plane. The text
 * stays the same while the session is off, because a new text is a new update. Undefined where it is not off.
 */
export function describeOff(item: DesiredSession): string | undefined {
  const { disabled, session } = item;
  if (disabled?.phase !== 'off') return undefined;
  const names = disabled.protocols ?? protocolNames(item);
  const what = `${names.join(', ')} ${names.length === 1 ? 'stays' : 'stay'} off`;
  if (disabled.isShutdown)
    return `shut down on this node since ${utc(disabled.sinceSeconds)}, because its option "shutdown" is on: ${what} until that is off in the agent's configuration file, or in the session's data at the control plane`;
  const words = disabled.words === undefined ? '' : `, "${disabled.words}"`;
  return `disabled by hand on this node since ${utc(disabled.sinceSeconds)} (${disabled.by} disable${words}): ${what} until: moenet-agent enable ${session.interface}`;
}

/** A sentence for each session that an operator is disabling or enabling. */
export function describeSwitching(sessions: readonly DesiredSession[]): string[] {
  return sessions.flatMap(({ session, disabled }) => {
    const name = nameOfSession(session);
    const way = disabled?.isShutdown
      ? 'take its option "shutdown" out'
      : `moenet-agent enable ${session.interface}`;
    if (disabled?.phase === 'draining')
      return [
        `${name}: the agent leads traffic away until ${utc(disabled.drainedAtSeconds ?? 0)}, then disables it; to keep it enabled, run: ${way}`,
      ];
    return disabled?.phase === 'returning'
      ? [`${name}: an operator enabled it; BIRD does not run it yet`]
      : [];
  });
}

/** `2026-11-25 20:10:31 UTC` */
export function utc(seconds: Disabled['sinceSeconds']): string {
  const time = new Date(seconds * 1000).toISOString();
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}
