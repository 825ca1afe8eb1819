import { meshPingTarget } from '../../core/desired/mesh.js';
import type { DesiredSession } from '../../core/desired/sessions.js';
import { likelyCause } from '../../core/explain/symptoms.js';
import { type ObservedWireGuardPeer, wireguardNamed } from '../../core/model/observed.js';
import { type Owner, OwnerMap } from '../../core/model/owner.js';
import { listedStatus, type SessionEntry, uuidOf } from '../../core/model/session.js';
import { toPublicOptions } from '../../core/model/session-options.js';
import { isOpen } from '../../core/plan/backoff.js';
import { isTooSoon } from '../../core/plan/cut-offs.js';
import type { LimitHits } from '../../core/plan/limit-hits.js';
import type { Memory } from '../../core/plan/plan.js';
import { doubtAddresses } from '../../core/verdict/doubt-addresses.js';
import { errorAfterSeconds } from '../../core/verdict/session-health.js';
import { isUpAgain, type Verdict, verdictOf } from '../../core/verdict/session-verdict.js';
import { viewSession } from '../../core/verdict/session-view.js';
import { type SessionFacts, troubleOfMesh, troubleOfSession } from '../../core/verdict/trouble.js';
import { flapsOf, isDownLately } from '../../core/verdict/up-history.js';
import type { Remembered } from '../pass/memory.js';
import type { NodeState } from '../pass/node-state.js';
import { describeRetry, describeWaiting } from './row-problems.js';
import type { MeshRow, Retry, SessionRow, TunnelState } from './status.js';

/** Every session of the control plane's list, as the last pass saw it. */
export function sessionRows(state: NodeState, memory: Remembered, nowSeconds: number): SessionRow[] {
  const files = state.lastPass?.desired.files ?? [];
  const pending = new OwnerMap(files.map((file) => [file.owner, file.pending] as const));
  const { rejected = {} } = state.lastPass ?? {};
  const isRejected = new OwnerMap(files.map(({ owner, path }) => [owner, path in rejected] as const));
  const nodeFault = nodeFaultOf(state);
  const sessions = state.lastPass?.desired.sessions ?? [];
  const desired = new Map<string, DesiredSession>(sessions.map((item) => [item.session.uuid, item]));
  return (state.snapshot.sessions ?? []).map((entry) => {
    const uuid = uuidOf(entry);
    const owner = uuid && ({ kind: 'session', uuid } as const);
    const retry = owner && retryOf(owner, memory, nowSeconds);
    const { row, likelyCause } = sessionRow(entry, desired.get(uuid ?? ''), state, nowSeconds);
    const trouble = troubleOfSession(verdictOf(entry, state.lastPass?.verdicts), {
      down: nodeFault?.words ?? describeWaiting(row, row.doubt === undefined ? likelyCause : undefined),
      wasUp: memory.healths[uuid ?? '']?.wasUp === true,
      isIgnored: entry.kind === 'ignored',
      isRejected: owner !== undefined && isRejected.get(owner) === true,
      doubt: row.doubt,
      nextTry: retry && nextTryOf(retry, nowSeconds),
      nodeFault,
    });
    return {
      ...row,
      ...(trouble && { trouble }),
      flaps: flapsOf(state.ups, { session: { uuid: uuid ?? '' } }, nowSeconds * 1000),
      pending: owner && pending.get(owner),
      latencyTier: memory.latencies[uuid ?? '']?.tier,
      retry,
    };
  });
}

/** What of the node keeps all its sessions down. */
function nodeFaultOf({
  lastPass,
}: NodeState): (SessionFacts['nodeFault'] & { readonly words: string }) | undefined {
  if (!lastPass) return undefined;
  const { bird } = lastPass.observed;
  if (!bird.running) return { isRepaired: false, words: bird.reason };
  const { noSessions } = lastPass.node;
  return noSessions && { isRepaired: noSessions.protocol !== undefined, words: noSessions.words };
}

function nextTryOf(retry: Retry, nowSeconds: number): SessionFacts['nextTry'] {
  return { words: describeRetry(retry, nowSeconds), isHourly: retry.isHourly };
}

function sessionRow(
  entry: SessionEntry,
  desired: DesiredSession | undefined,
  { lastPass, pings }: NodeState,
  nowSeconds: number,
): {
  readonly row: Omit<SessionRow, 'latencyTier' | 'pending' | 'retry' | 'flaps' | 'trouble'>;
  readonly likelyCause: string | undefined;
} {
  const uuid = uuidOf(entry);
  const view = desired && lastPass ? viewSession(desired, lastPass.observed) : undefined;
  const verdict = verdictOf(entry, lastPass?.verdicts);
  const ping = view?.pingTarget === undefined ? undefined : pings.get(view.pingTarget);
  const present = entry.kind === 'session' ? entry.session : entry;
  return {
    row: {
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
      options: desired?.session.options && toPublicOptions(desired.session.options),
      rttMs: ping?.rttMs,
      loss: ping?.loss,
      routesImported: view?.routesImported,
      routesExported: view?.routesExported,
      routesRefused: view?.routesRefused,
      limitsHit: view && lastPass ? countLimits(view.protocolNames, lastPass.limitHits) : undefined,
      error: isUpAgain(verdict) ? undefined : (verdict.reason ?? verdict.degraded),
      doubt:
        desired && view && doubtAddresses(desired.session, view, (target) => pings.get(target), nowSeconds),
    },
    likelyCause:
      desired && view && lastPass && likelyCause(desired, { ...lastPass, view, pingLoss: ping?.loss }),
  };
}

function countLimits(protocols: readonly string[], hits: LimitHits): number {
  return protocols.reduce((sum, name) => sum + (hits[name]?.limits.length ?? 0), 0);
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
  { lastPass, pings, snapshot, ups }: NodeState,
  memory: Remembered,
  nowSeconds: number,
): MeshRow[] {
  if (!lastPass) return [];
  const verdicts = new Map(lastPass.node.mesh.map((verdict) => [verdict.nodeId, verdict]));
  return lastPass.desired.mesh.map((peer) => {
    const observed = wireguardNamed(lastPass.observed.wireguard, peer.interface)?.peers[0];
    const verdict = verdicts.get(peer.nodeId);
    const retry = retryOf({ kind: 'mesh', nodeId: peer.nodeId }, memory, nowSeconds);
    const trouble = troubleOfMesh({
      refused: peer.reason,
      failed: verdict?.error ?? verdict?.waits,
      nextTry: retry && nextTryOf(retry, nowSeconds),
      silent: verdict?.silent,
      isDownLately: isMeshDownLately(ups, peer.nodeId, nowSeconds),
    });
    const target = meshPingTarget(peer, snapshot, lastPass.desired.node.asn);
    return {
      nodeId: peer.nodeId,
      name: peer.name,
      interface: peer.interface,
      tunnel: peer.tunnel && tunnelState(observed, nowSeconds),
      bgp: verdict?.bgp,
      rttMs: target === undefined ? undefined : pings.get(target)?.rttMs,
      loss: target === undefined ? undefined : pings.get(target)?.loss,
      error: verdict?.error ?? verdict?.waits,
      ...(trouble && { trouble }),
      retry,
    };
  });
}

/** As long as a session that was up is not taken for offline. */
export function isMeshDownLately(ups: NodeState['ups'], nodeId: number, nowSeconds: number): boolean {
  return isDownLately(ups, { mesh: { nodeId } }, errorAfterSeconds, nowSeconds * 1000);
}

/** A tunnel's peer, for people. A handshake in the future, after a step of the clock, counts as now. */
function tunnelState(peer: ObservedWireGuardPeer | undefined, nowSeconds: number): TunnelState {
  return {
    present: peer !== undefined,
    endpoint: peer?.endpoint,
    handshakeSecondsAgo: peer?.latestHandshakeSeconds
      ? Math.max(0, nowSeconds - peer.latestHandshakeSeconds)
      : undefined,
    handshakeAtSeconds: peer?.latestHandshakeSeconds || undefined,
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
