import type { DesiredSession } from '../../core/desired/sessions.js';
import { type LiveSystem, missingAddresses, sessionState } from '../../core/lookups/session-state.js';
import { OwnerMap } from '../../core/model/owner.js';
import { wordsOf } from '../../core/model/words-of.js';
import { differenceOf } from '../../core/verdict/session-verdict.js';
import { viewSession } from '../../core/verdict/session-view.js';
import { lookAt } from '../pass/observe.js';
import type { OperationsContext } from './context.js';

/** What was done for one session; `error` where it failed. */
export interface Repair {
  readonly asn: number;
  readonly interface: string;
  readonly action: 'add_address' | 'restart_bgp';
  readonly error: string | undefined;
}

/** BGP states in which a restart makes BIRD try at once; the other states are close to Established (RFC 4271, section 8.2.2). */
const idleStates = ['Idle', 'Connect', 'Active', 'Start', 'start'];

/**
 * Makes a pass now, without the pauses after failures, and then restarts the BGP sessions that are down although their
 * tunnel works. A session whose neighbor is offline stays as it is: a restart would not help.
 */
export async function repair(context: OperationsContext, signal: AbortSignal): Promise<Repair[]> {
  const before = await lookAt(context.host, signal);
  context.memory.note({ backoffs: new OwnerMap() });
  const { errors } = await context.pass();
  const after = await lookAt(context.host, signal);
  const { lastPass } = context.state;
  const sessions = lastPass?.desired.sessions ?? [];
  const reasonFor = (uuid: string) => differenceOf(lastPass?.verdicts.get(uuid))?.reason ?? errors.join('; ');
  const addresses = sessions.flatMap((session): Repair[] => {
    if (missingAddresses(session, before).length === 0) return [];
    const mended = missingAddresses(session, after).length === 0;
    const why = mended ? undefined : reasonFor(session.session.uuid) || 'see moenet-agent status';
    return [{ ...nameOf(session), action: 'add_address', error: why }];
  });
  const stuck = sessions.flatMap((session) =>
    stuckProtocols(session, after).map((protocol) => ({ session, protocol })),
  );
  const restarts: Repair[] = [];
  for (const { session, protocol } of stuck) {
    const error = await restart(context, protocol, signal);
    restarts.push({ ...nameOf(session), action: 'restart_bgp', error });
  }
  return [...addresses, ...restarts];
}

/** The session's protocols that are down although the tunnel has a fresh handshake, except disabled ones. */
function stuckProtocols(session: DesiredSession, live: LiveSystem): string[] {
  const { tunnel } = sessionState(session, live);
  if (!live.bird.running || !tunnel.up || !tunnel.isFresh) return [];
  const names = viewSession(session, live).protocolNames;
  return live.bird.protocols
    .filter(
      ({ name, disabled, bgp }) => names.includes(name) && !disabled && idleStates.includes(bgp?.state ?? ''),
    )
    .map(({ name }) => name);
}

function restart(
  { exclusive, host }: OperationsContext,
  protocol: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  return exclusive(() => host.bird.restart(protocol, signal)).then(() => undefined, wordsOf);
}

function nameOf({ session, tunnel }: DesiredSession): Pick<Repair, 'asn' | 'interface'> {
  return { asn: session.asn, interface: tunnel.interface };
}
