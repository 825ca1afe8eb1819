import type { Owner } from '../core/model/owner.js';
import { formatMark } from '../core/model/owner.js';
import type { SessionEntry } from '../core/model/session.js';
import type { ObservedWireGuardPeer } from '../core/observed.js';
import { listedStatus } from '../core/reports.js';
import { viewSession } from '../core/session-view.js';
import { meshPingTarget } from './measure.js';
import type { NodeState } from './node-state.js';
import type { PassResult } from './reconciler.js';
import type { MeshRow, NodeStatus, SessionRow, TunnelState } from './status.js';

export interface StatusFacts {
  readonly version: string;
  readonly pid: number;
  readonly node: string;
  readonly uptimeSeconds: number;
  readonly apiUrl: string;
  readonly nowSeconds: number;
}

/** The node at a glance, from what the last pass has seen. */
export function nodeStatus(state: NodeState, facts: StatusFacts): NodeStatus {
  const sessions = sessionRows(state, facts.nowSeconds);
  const mesh = meshRows(state, facts.nowSeconds);
  const controlPlane = controlPlaneOf(state, facts);
  const problems = problemsOf(state, sessions, mesh, controlPlane);
  const bird = state.lastPass?.observed.bird;
  return {
    agent: { version: facts.version, pid: facts.pid, node: facts.node, uptimeSeconds: facts.uptimeSeconds },
    health: problems.length === 0 && state.lastPass ? 'ok' : 'degraded',
    problems,
    controlPlane,
    bird: {
      running: bird?.running ?? false,
      version: bird?.running ? bird.version : undefined,
      reason: bird && !bird.running ? bird.reason : undefined,
    },
    lastPass: state.lastPass && {
      atSeconds: state.lastPass.atSeconds,
      durationMs: state.lastPass.durationMs,
      changes: state.lastPass.plan.changes.length,
      failures: state.lastPass.failures.size,
    },
    sessions,
    mesh,
  };
}

function controlPlaneOf(state: NodeState, facts: StatusFacts): NodeStatus['controlPlane'] {
  const error = [...state.callErrors.values()][0];
  return {
    url: facts.apiUrl,
    reachable: error === undefined,
    lastAnswerSeconds: state.lastAnswerSeconds,
    error,
  };
}

function problemsOf(
  state: NodeState,
  sessions: readonly SessionRow[],
  mesh: readonly MeshRow[],
  controlPlane: NodeStatus['controlPlane'],
): string[] {
  const { lastPass } = state;
  const bird = lastPass?.observed.bird;
  return [
    ...(state.passError === undefined ? [] : [state.passError]),
    ...(lastPass || state.passError !== undefined ? [] : ['the first pass is not finished yet']),
    ...(lastPass?.desired.problems ?? []),
    ...(bird && !bird.running ? [bird.reason] : []),
    ...ownFailure(lastPass),
    ...(controlPlane.error === undefined
      ? []
      : [`control plane: ${controlPlane.error}; the node keeps what it has`]),
    ...sessions.flatMap((row) => sessionProblem(row) ?? []),
    ...mesh.flatMap((row) => (row.error === undefined ? [] : [`mesh peer ${row.nodeId}: ${row.error}`])),
  ];
}

function ownFailure(lastPass: PassResult | undefined): string[] {
  const failure = lastPass?.failures.get(formatMark({ kind: 'node' }));
  return failure === undefined ? [] : [failure];
}

function sessionProblem(row: SessionRow): string | undefined {
  const name = `session ${row.uuid}${row.asn === undefined ? '' : ` (AS${row.asn})`}`;
  if (row.error !== undefined) return `${name}: ${row.error}`;
  if (row.state !== 'waiting') return undefined;
  const handshake =
    row.tunnel?.handshakeSecondsAgo === undefined
      ? 'no WireGuard handshake yet'
      : 'the tunnel has a handshake';
  return `${name}: BGP is ${row.bgp?.state ?? 'not running'}${row.bgp?.info ? ` (${row.bgp.info})` : ''}; ${handshake}`;
}

function sessionRows(state: NodeState, nowSeconds: number): SessionRow[] {
  return (state.snapshot.sessions ?? []).map((entry) => sessionRow(entry, state, nowSeconds));
}

function sessionRow(entry: SessionEntry, { lastPass, pings }: NodeState, nowSeconds: number): SessionRow {
  const uuid = entry.kind === 'session' ? entry.session.uuid : entry.uuid;
  const desired = lastPass?.desired.sessions.find(({ session }) => session.uuid === uuid);
  const view = desired && lastPass ? viewSession(desired, lastPass.observed) : undefined;
  const refusal = entry.kind === 'refused' ? entry.reason : lastPass?.outcome.refused.get(uuid ?? '');
  const error = refusal ?? lastPass?.outcome.unsettled.get(uuid ?? '');
  const present = entry.kind === 'session' ? entry.session : entry;
  return {
    uuid: uuid ?? '(none)',
    asn: 'asn' in present ? present.asn : undefined,
    description: entry.kind === 'session' ? entry.session.description : undefined,
    interface: present.interface,
    status: listedStatus(entry),
    state:
      refusal !== undefined
        ? 'refused'
        : entry.kind === 'ignored'
          ? 'ignored'
          : error !== undefined
            ? 'error'
            : view?.established
              ? 'ok'
              : 'waiting',
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
  };
}

function meshRows({ lastPass, pings, snapshot }: NodeState, nowSeconds: number): MeshRow[] {
  if (!lastPass) return [];
  return lastPass.desired.mesh.map((peer) => {
    const owner: Owner = { kind: 'mesh', nodeId: peer.nodeId };
    const observed = lastPass.observed.wireguard.find((wireguard) => wireguard.interface === peer.interface)
      ?.peers[0];
    const target = meshPingTarget(peer, snapshot, lastPass.desired.node.asn);
    return {
      nodeId: peer.nodeId,
      name: peer.name,
      interface: peer.interface,
      tunnel: peer.tunnel && tunnelState(observed, nowSeconds),
      rttMs: target === undefined ? undefined : pings.get(target)?.rttMs,
      error: peer.reason ?? lastPass.failures.get(formatMark(owner)),
    };
  });
}

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

/** What there is to show before the node's configuration is known. */
export function startingStatus(facts: StatusFacts): NodeStatus {
  return {
    agent: { version: facts.version, pid: facts.pid, node: facts.node, uptimeSeconds: facts.uptimeSeconds },
    health: 'degraded',
    problems: ['starting: waiting for the bootstrap configuration from the control plane'],
    controlPlane: { url: facts.apiUrl, reachable: false, lastAnswerSeconds: undefined, error: undefined },
    bird: { running: false, version: undefined, reason: undefined },
    lastPass: undefined,
    sessions: [],
    mesh: [],
  };
}
