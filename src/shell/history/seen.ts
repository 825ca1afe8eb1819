import { meshPingTarget } from '../../core/desired/mesh.js';
import type { Counters } from '../../core/history/rates.js';
import type { Seen } from '../../core/history/recorder.js';
import { subjectId } from '../../core/history/subject-id.js';
import { subjectKey } from '../../core/model/events/event.js';
import { type ObservedWireGuardPeer, protocolNamed, wireguardNamed } from '../../core/model/observed.js';
import { remembering } from '../../core/model/values/remembering.js';
import { ibgpPeers } from '../../core/verdict/node/ibgp-peers.js';
import { routesOver, viewSession } from '../../core/verdict/session-view.js';
import type { PassResult } from '../pass/context.js';
import type { NodeState } from '../pass/node-state.js';
import type { PingResult } from '../ports/host.js';
import type { Fresh } from './freshness.js';

/** Every session and mesh peer as the last pass and the looks since show it. What BIRD does not say is not known. */
export function seenIn(
  { snapshot }: Pick<NodeState, 'snapshot'>,
  { desired, observed }: Pick<PassResult, 'desired' | 'observed'>,
  { pings, hasCounters, hasRoutes }: Fresh,
): Seen[] {
  const { bird, wireguard } = observed;
  const protocols = bird.running ? bird.protocols : [];
  const unread = new Set(wireguard.flatMap((device) => (device.unread ? [device.interface] : [])));
  const countersOf = (name: string, peer: ObservedWireGuardPeer | undefined): Counters | undefined =>
    hasCounters && peer && !unread.has(name)
      ? { of: `${name} ${peer.publicKey}`, received: peer.rxBytes, sent: peer.txBytes }
      : undefined;
  const shownByBird = (isUp: boolean, routes: ReturnType<typeof routesOver>): Partial<Seen> => {
    if (!bird.running) return {};
    const { routesImported: imported, routesRefused: refused, routesExported: exported } = routes;
    return { up: isUp ? 1 : 0, ...(hasRoutes && { imported, refused, exported }) };
  };
  const sessions = desired.sessions.map((item): Seen => {
    const view = viewSession(item, observed);
    return {
      id: idOf(subjectKey({ session: item.session })),
      ...pinged(pings.get(view.pingTarget ?? '')),
      ...shownByBird(view.established, view),
      counters: countersOf(item.tunnel.interface, view.peer),
    };
  });
  const ibgp = new Map(ibgpPeers(desired.nodeProtocols, protocols).map((peer) => [peer.nodeId, peer]));
  const mesh = desired.mesh.map((peer): Seen => {
    const target = meshPingTarget(peer, snapshot, desired.node.asn);
    const state = ibgp.get(peer.nodeId);
    const protocol = protocolNamed(protocols, state?.protocol ?? '');
    return {
      id: idOf(subjectKey({ mesh: { nodeId: peer.nodeId } })),
      ...pinged(pings.get(target ?? '')),
      ...(state && shownByBird(state.isEstablished, routesOver(protocol ? [protocol] : []))),
      counters: countersOf(peer.interface, wireguardNamed(wireguard, peer.interface)?.peers[0]),
    };
  });
  return [...sessions, ...mesh];
}

function pinged(ping: PingResult | undefined): Pick<Seen, 'rtt' | 'loss'> {
  return ping ? { rtt: ping.rttMs, loss: ping.loss * 100 } : {};
}

/** It takes longer than all else here, and sessions come and go for months. */
export const idOf = remembering(subjectId, 4096);
