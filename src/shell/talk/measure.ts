import { meshPingTarget } from '../../core/desired/mesh.js';
import type { Snapshot } from '../../core/model/control-plane.js';
import { wordsOf } from '../../core/model/words-of.js';
import { viewSession } from '../../core/verdict/session-view.js';
import type { PassResult } from '../pass/context.js';
import type { NodeState } from '../pass/node-state.js';
import type { SessionMetrics } from '../ports/control-plane.js';
import type { PingResult } from '../ports/host.js';
import type { AgentParts } from './agent-context.js';
import { rememberLatencies } from './latency.js';

/**
 * Pings every tunnel and the `loopbacks` of other nodes, and stores the links' latencies. Resolves to whether a latency
 * tier changed. Logs a failed ping program; the times are unknown then.
 */
export async function measure(
  { context, state }: AgentParts,
  pass: PassResult,
  signal: AbortSignal,
  loopbacks: readonly string[] = [],
): Promise<boolean> {
  try {
    const targets = [...pingTargets(pass, state.snapshot), ...loopbacks];
    state.pings = await context.pinger.ping(targets, signal);
    const nowSeconds = Math.floor(context.host.clock.now() / 1000);
    const tierChanged = await rememberLatencies(state, context.memory, nowSeconds);
    context.logOnChange('ping', undefined);
    return tierChanged;
  } catch (error) {
    if (signal.aborted) return false;
    state.pings = new Map();
    context.logOnChange('ping', wordsOf(error));
    return false;
  }
}

/** The addresses to ping: every session's neighbor, at both addresses while BGP is down, and every mesh peer, each over its tunnel. */
function pingTargets(pass: PassResult, snapshot: Snapshot): string[] {
  const neighbors = pass.desired.sessions.flatMap((session) => {
    const { pingTarget, otherTarget, established } = viewSession(session, pass.observed);
    return established ? [pingTarget] : [pingTarget, otherTarget];
  });
  const peers = pass.desired.mesh.map((peer) => meshPingTarget(peer, snapshot, pass.desired.node.asn));
  return [...neighbors, ...peers].flatMap((target) => target ?? []);
}

/** What `report` says of every configured session. */
export function sessionMetrics({ lastPass, pings }: NodeState): SessionMetrics[] {
  if (!lastPass) return [];
  return lastPass.desired.sessions.map((desired) => {
    const view = viewSession(desired, lastPass.observed);
    const ping: PingResult | undefined = pings.get(view.pingTarget ?? '');
    return {
      uuid: desired.session.uuid,
      asn: desired.session.asn,
      interface: desired.session.interface,
      protocols: view.protocolNames,
      bgpState: view.protocol?.bgp?.state ?? view.protocol?.state,
      bgpInfo: view.protocol?.info,
      protocolStates: view.protocols.map(({ name, state, info }) => ({ name, state, info })),
      pingTarget: view.pingTarget,
      rttMs: ping?.rttMs,
      loss: ping?.loss,
      rxBytes: view.peer?.rxBytes ?? 0,
      txBytes: view.peer?.txBytes ?? 0,
      routesImported: view.routesImported,
      routesExported: view.routesExported,
      latestHandshakeSeconds: view.peer?.latestHandshakeSeconds ?? 0,
    };
  });
}
