import { meshPingTarget } from '../../core/desired/mesh.js';
import type { Counters } from '../../core/history/rates.js';
import type { Seen } from '../../core/history/recorder.js';
import { subjectId } from '../../core/history/subject-id.js';
import { subjectKey } from '../../core/model/events/event.js';
import { type ObservedWireGuardPeer, protocolNamed, wireguardNamed } from '../../core/model/observed.js';
import { ibgpPeers } from '../../core/verdict/node/ibgp-peers.js';
import { viewSession } from '../../core/verdict/session-view.js';
import type { PassResult } from '../pass/context.js';
import type { NodeState } from '../pass/node-state.js';
import type { PingResult } from '../ports/host.js';

/** What of the state is new enough to count. */
interface Fresh {
  readonly pings: NodeState['pings'];
  /** The tunnels' counters were read since the last time. */
  readonly hasCounters: boolean;
  /** BIRD's counts of routes are of the last passes. */
  readonly hasRoutes: boolean;
}

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
  const sessions = desired.sessions.map((item): Seen => {
    const view = viewSession(item, observed);
    return {
      id: idOf(subjectKey({ session: item.session })),
      ...pinged(pings.get(view.pingTarget ?? '')),
      ...(bird.running && { up: view.established ? 1 : 0 }),
      ...(bird.running &&
        hasRoutes && {
          imported: view.routesImported,
          refused: view.routesRefused,
          exported: view.routesExported,
        }),
      counters: countersOf(item.tunnel.interface, view.peer),
    };
  });
  const ibgp = new Map(ibgpPeers(desired.nodeProtocols, protocols).map((peer) => [peer.nodeId, peer]));
  const mesh = desired.mesh.map((peer): Seen => {
    const target = meshPingTarget(peer, snapshot, desired.node.asn);
    const state = ibgp.get(peer.nodeId);
    const channels = protocolNamed(protocols, state?.protocol ?? '')?.channels ?? [];
    return {
      id: idOf(subjectKey({ mesh: { nodeId: peer.nodeId } })),
      ...pinged(pings.get(target ?? '')),
      ...(bird.running && state && { up: state.isEstablished ? 1 : 0 }),
      ...(bird.running &&
        state &&
        hasRoutes && {
          imported: sum(channels.map(({ routes }) => routes?.imported ?? 0)),
          refused: sum(channels.map(({ routes }) => routes?.filtered ?? 0)),
          exported: sum(channels.map(({ routes }) => routes?.exported ?? 0)),
        }),
      counters: countersOf(peer.interface, wireguardNamed(wireguard, peer.interface)?.peers[0]),
    };
  });
  return [...sessions, ...mesh];
}

function pinged(ping: PingResult | undefined): Pick<Seen, 'rtt' | 'loss'> {
  return ping ? { rtt: ping.rttMs, loss: ping.loss * 100 } : {};
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const ids = new Map<string, string>();

/** `subjectId`, remembered: it takes longer than all else here. */
export function idOf(key: string): string {
  const known = ids.get(key);
  if (known !== undefined) return known;
  const id = subjectId(key);
  // Sessions come and go for months.
  if (ids.size >= 4096) ids.clear();
  ids.set(key, id);
  return id;
}
