import type { DesiredMeshPeer } from '../desired/mesh.js';
import type { NodeIdentity } from '../desired/node.js';
import { previousSpelling } from '../desired/owned.js';
import type { DesiredSession } from '../desired/sessions.js';
import type { IbgpPeer } from '../model/control-plane.js';
import type { ObservedBird, ObservedLink } from '../model/observed.js';
import type { Owner } from '../model/owner.js';
import type { Preserved } from '../model/preserved.js';
import type { SessionEntry } from '../model/session.js';
import { type SessionProtocol, sessionProtocols } from '../model/session-protocols.js';
import type { SessionId } from '../model/values/session-id.js';
import type { PreviousBgp } from './previous-bgp.js';
import { type PreviousBird, previousOfNeighbor, previousOfPeer, previousOfSession } from './previous-bird.js';
import type { Recalled } from './recall.js';

export interface TakeOverInput {
  readonly wanted: {
    readonly mode: 'full' | 'include';
    readonly node: NodeIdentity;
    readonly sessions: readonly DesiredSession[];
    readonly mesh: readonly DesiredMeshPeer[];
    readonly ibgpPeers: readonly IbgpPeer[];
    /** Sessions that should end. */
    readonly ended: readonly EndedSession[];
  };
  readonly present: {
    /** Undefined where BIRD runs with the agent's own configuration: then nothing is left to adopt. */
    readonly previous: PreviousBird | undefined;
    readonly bird: ObservedBird;
    readonly links: readonly ObservedLink[];
    /** BIRD files with the agent's mark. */
    readonly ownFiles: ReadonlyMap<string, Owner>;
  };
  readonly remembered: {
    /** What earlier passes preserved. */
    readonly preserved: Preserved;
    /** What the agent's own files say of it, if the memory is lost. */
    readonly recalled: Recalled | undefined;
  };
  /** True where an operator allows the agent to end or reset sessions. */
  readonly adopt: boolean;
}

/** One session or peer of ours, with the protocols that it had before. */
export interface Candidate {
  readonly owner: Owner;
  readonly wish: string;
  /** The desired BGP protocols of a session; absent for a peer of ours. */
  readonly protocols?: readonly SessionProtocol[];
  readonly tunnel: string | undefined;
  readonly previous: readonly PreviousBgp[];
}

/** All desired sessions and peers. */
export function candidatesOf({ wanted, present: { previous } }: TakeOverInput): Candidate[] {
  return [...wanted.sessions.map((each) => ofSession(each, previous)), ...ofPeers(wanted, previous)];
}

function ofSession(
  { session, tunnel, protocol }: DesiredSession,
  previous: PreviousBird | undefined,
): Candidate {
  const protocols = sessionProtocols(session, protocol);
  return {
    owner: tunnel.owner,
    wish: JSON.stringify([session.asn, session.interface, protocols]),
    protocols,
    tunnel: tunnel.interface,
    previous: previousOfSession(session, previous),
  };
}

function ofPeers(
  { ibgpPeers, node, mesh }: TakeOverInput['wanted'],
  previous: PreviousBird | undefined,
): Candidate[] {
  const { asn } = node;
  if (asn === undefined) return [];
  return ibgpPeers.map((peer) => ({
    owner: { kind: 'mesh', nodeId: peer.nodeId },
    wish: JSON.stringify([
      [asn, node.loopbackIpv4, node.loopbackIpv6, node.isRouteReflector],
      [peer.loopbackIpv4, peer.loopbackIpv6, peer.isRouteReflector],
    ]),
    tunnel: mesh.find(({ nodeId }) => nodeId === peer.nodeId)?.interface,
    previous: previousOfPeer(peer, asn, previous),
  }));
}

/** A session that the control plane lists as ended, with the protocols of it that BIRD still has. */
export interface EndedSession {
  readonly uuid: SessionId;
  readonly previous: readonly PreviousBgp[];
}

/**
 * The ended sessions that still have a protocol in another configuration. A protocol that a desired session needs does
 * not count.
 */
export function endedSessions(
  entries: readonly SessionEntry[],
  previous: PreviousBird | undefined,
): EndedSession[] {
  const needed = new Set(
    entries.flatMap((entry) => (entry.kind === 'session' ? previousOfSession(entry.session, previous) : [])),
  );
  return entries.flatMap((entry): EndedSession[] => {
    if (entry.kind !== 'ignored' || !entry.peer) return [];
    const { uuid, interface: name, peer } = entry;
    const interfaces = name === undefined ? [] : [name, previousSpelling(name) ?? name];
    const found = previousOfNeighbor({ ...peer, interfaces }, previous).filter((bgp) => !needed.has(bgp));
    return found.length > 0 ? [{ uuid, previous: found }] : [];
  });
}
