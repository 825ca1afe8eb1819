import { meshPingTarget } from '../../core/desired/mesh.js';
import type { ObservedWireGuardPeer } from '../../core/model/observed.js';
import { type Owner, OwnerMap } from '../../core/model/owner.js';
import { listedStatus, type SessionEntry, uuidOf } from '../../core/model/session.js';
import { publicOptions } from '../../core/model/session-options.js';
import { isOpen } from '../../core/plan/backoff.js';
import { isTooSoon } from '../../core/plan/cut-offs.js';
import type { Memory } from '../../core/plan/plan.js';
import { doubtAddresses } from '../../core/verdict/doubt-addresses.js';
import { isUpAgain, type Verdict, verdictOf } from '../../core/verdict/session-verdict.js';
import { viewSession } from '../../core/verdict/session-view.js';
import { flapsOf } from '../../core/verdict/up-history.js';
import type { Remembered } from '../pass/memory.js';
import type { NodeState } from '../pass/node-state.js';
import type { MeshRow, Retry, SessionRow, TunnelState } from './status.js';

/** Every session of the control plane's list, as the last pass saw it. */
export function sessionRows(state: NodeState, memory: Remembered, nowSeconds: number): SessionRow[] {
  const files = state.lastPass?.desired.files ?? [];
  const pending = new OwnerMap(files.map((file) => [file.owner, file.pending] as const));
  return (state.snapshot.sessions ?? []).map((entry) => {
    const uuid = uuidOf(entry);
    return {
      ...sessionRow(entry, state, nowSeconds),
      flaps: flapsOf(state.ups, { session: { uuid: uuid ?? '' } }, nowSeconds * 1000),
      pending: uuid && pending.get({ kind: 'session', uuid }),
      latencyTier: memory.latencies[uuid ?? '']?.tier,
      retry: uuid && retryOf({ kind: 'session', uuid }, memory, nowSeconds),
    };
  });
}

function sessionRow(
  entry: SessionEntry,
  { lastPass, pings }: NodeState,
  nowSeconds: number,
): Omit<SessionRow, 'latencyTier' | 'pending' | 'retry' | 'flaps'> {
  const uuid = uuidOf(entry);
  const desired = lastPass?.desired.sessions.find(({ session }) => session.uuid === uuid);
  const view = desired && lastPass ? viewSession(desired, lastPass.observed) : undefined;
  const verdict = verdictOf(entry, lastPass?.verdicts);
  const present = entry.kind === 'session' ? entry.session : entry;
  return {
    uuid: uuid ?? '(none)',
    asn: 'asn' in present ? present.asn : undefined,
    description: entry.kind === 'session' ? entry.session.description : undefined,
    interface: present.interface,
    status: listedStatus(entry),
    state: shownState(entry, verdict),
    tunnel: view && tunnelState(view.peer, nowSeconds),
    bgp: view?.protocol && {
      protocols: view.protocolNames,
      state: view.protocol.bgp?.state ?? view.protocol.state,
      since: view.protocol.since,
      info: view.protocol.bgp?.lastError ?? '',
    },
    options: desired?.session.options && publicOptions(desired.session.options),
    rttMs: view?.pingTarget === undefined ? undefined : pings.get(view.pingTarget)?.rttMs,
    routesImported: view?.routesImported,
    routesExported: view?.routesExported,
    error: isUpAgain(verdict) ? undefined : (verdict.reason ?? verdict.degraded),
    doubt:
      desired && view && doubtAddresses(desired.session, view, (target) => pings.get(target), nowSeconds),
  };
}

function shownState(entry: SessionEntry, verdict: Verdict): SessionRow['state'] {
  if (verdict.state === 'refused') return 'refused';
  if (entry.kind === 'ignored') return 'ignored';
  if (verdict.reason === undefined || isUpAgain(verdict)) {
    if (verdict.degraded !== undefined) return 'degraded';
    return verdict.isUp ? 'ok' : 'waiting';
  }
  return verdict.state === 'disabled' ? 'disabled' : 'error';
}

/** Every mesh peer, as the last pass saw it. */
export function meshRows(
  { lastPass, pings, snapshot }: NodeState,
  memory: Remembered,
  nowSeconds: number,
): MeshRow[] {
  if (!lastPass) return [];
  const verdicts = new Map(lastPass.node.mesh.map((verdict) => [verdict.nodeId, verdict]));
  return lastPass.desired.mesh.map((peer) => {
    const observed = lastPass.observed.wireguard.find((wireguard) => wireguard.interface === peer.interface)
      ?.peers[0];
    const verdict = verdicts.get(peer.nodeId);
    const target = meshPingTarget(peer, snapshot, lastPass.desired.node.asn);
    return {
      nodeId: peer.nodeId,
      name: peer.name,
      interface: peer.interface,
      tunnel: peer.tunnel && tunnelState(observed, nowSeconds),
      bgp: verdict?.bgp,
      rttMs: target === undefined ? undefined : pings.get(target)?.rttMs,
      error: verdict?.error ?? verdict?.waits,
      retry: retryOf({ kind: 'mesh', nodeId: peer.nodeId }, memory, nowSeconds),
    };
  });
}

/** A tunnel's peer, for people. A handshake in the future, after a step of the clock, counts as now. */
function tunnelState(peer: ObservedWireGuardPeer | undefined, nowSeconds: number): TunnelState {
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

/** When the agent tries an owner's tunnel again; undefined where nothing waits. */
function retryOf(
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
