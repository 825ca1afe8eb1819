import { describeOff } from '../../core/desired/disabled/say-disabled.js';
import type { ObservedWireGuardPeer } from '../../core/model/observed.js';
import { listedStatus, type SessionEntry, uuidOf } from '../../core/model/session.js';
import { doubtAddresses } from '../../core/verdict/doubt-addresses.js';
import { type SessionView, viewSession } from '../../core/verdict/session-view.js';
import type { Remembered } from '../pass/memory.js';
import type { NodeState } from '../pass/node-state.js';
import { retryOf } from './retry-of.js';
import type { SessionRow, TunnelState } from './status.js';

/** Every session of the control plane's list, as the last pass saw it. */
export function sessionRows(state: NodeState, memory: Remembered, nowSeconds: number): SessionRow[] {
  return (state.snapshot.sessions ?? []).map((entry) => {
    const uuid = uuidOf(entry);
    return {
      ...sessionRow(entry, state, nowSeconds),
      latencyTier: memory.latencies[uuid ?? '']?.tier,
      retry: uuid && retryOf({ kind: 'session', uuid }, memory, nowSeconds),
    };
  });
}

function sessionRow(
  entry: SessionEntry,
  { lastPass, pings }: NodeState,
  nowSeconds: number,
): Omit<SessionRow, 'latencyTier' | 'retry'> {
  const uuid = uuidOf(entry);
  const desired = lastPass?.desired.sessions.find(({ session }) => session.uuid === uuid);
  const view = desired && lastPass ? viewSession(desired, lastPass.observed) : undefined;
  const refusal = entry.kind === 'refused' ? entry.reason : lastPass?.outcome.refused.get(uuid ?? '');
  const broken = refusal ?? lastPass?.outcome.unsettled.get(uuid ?? '');
  // BGP that is up again counts as broken for a while, which would be hard to understand here.
  const error = broken ?? (view?.established ? undefined : lastPass?.outcome.unhealthy.get(uuid ?? ''));
  const present = entry.kind === 'session' ? entry.session : entry;
  return {
    uuid: uuid ?? '(none)',
    asn: 'asn' in present ? present.asn : undefined,
    description: entry.kind === 'session' ? entry.session.description : undefined,
    interface: present.interface,
    status: listedStatus(entry),
    state: stateOf(entry, refusal, desired && describeOff(desired), error, view),
    tunnel: view && tunnelState(view.peer, nowSeconds),
    bgp: view?.protocol && {
      protocols: view.protocolNames,
      state: view.protocol.bgp?.state ?? view.protocol.state,
      since: view.protocol.since,
      info: view.protocol.bgp?.lastError ?? '',
    },
    rttMs: view?.pingTarget === undefined ? undefined : pings.get(view.pingTarget)?.rttMs,
    routesImported: view?.routesImported,
    routesExported: view?.routesExported,
    error,
    doubt:
      desired && view && doubtAddresses(desired.session, view, (target) => pings.get(target), nowSeconds),
  };
}

function stateOf(
  entry: SessionEntry,
  refusal: string | undefined,
  off: string | undefined,
  error: string | undefined,
  view: SessionView | undefined,
): SessionRow['state'] {
  if (refusal !== undefined) return 'refused';
  if (entry.kind === 'ignored') return 'ignored';
  if (error !== undefined) return error === off ? 'disabled' : 'error';
  return view?.established ? 'ok' : 'waiting';
}

/** A tunnel's peer, for people. Handshake times of the future, after a step of the clock, count as now. */
export function tunnelState(peer: ObservedWireGuardPeer | undefined, nowSeconds: number): TunnelState {
  return {
    present: peer !== undefined,
    endpoint: peer?.endpoint,
    handshakeSecondsAgo: peer?.latestHandshakeSeconds
      ? Math.max(0, nowSeconds - peer.latestHandshakeSeconds)
      : undefined,
    rxBytes: peer?.rxBytes ?? 0,
    txBytes: peer?.txBytes ?? 0,
  };
}
