import type { Snapshot } from '../model/control-plane.js';
import { formatMark, type Owner, type ReadonlyOwnerMap } from '../model/owner.js';
import { listedUuids } from '../model/session.js';
import type { SessionId } from '../model/values/session-id.js';
import type { DesiredMeshPeer } from './mesh.js';
import type { Danger } from './rules/gather-facts.js';
import type { Refusal } from './sessions.js';

export interface Undecided {
  readonly refusals: readonly Refusal[];
  readonly mesh: readonly DesiredMeshPeer[];
  /** Running sessions that the list leaves out, which is not believed yet: they stay as they are. */
  readonly doubted: readonly SessionId[];
  /** Mark of a session → the addresses on its tunnel that must go, also where the session is otherwise left as it is. */
  readonly dangers: ReadonlyOwnerMap<readonly Danger[]>;
}

/**
 * Finds the owners whose wish is unknown. Unknown is not empty: where a list was never received, or one of its items is
 * unreadable, or it is an old one from disk, what runs for the owner stays, unless its tunnel has a dangerous address.
 */
export function unknownOwners(
  snapshot: Snapshot,
  { refusals, mesh, doubted, dangers }: Undecided,
): (owner: Owner) => boolean {
  const session = (uuid: SessionId) => formatMark({ kind: 'session', uuid });
  const peer = (nodeId: number) => formatMark({ kind: 'mesh', nodeId });
  const refusedPeers = snapshot.mesh?.refused ?? [];
  const named = new Set([
    ...doubted.map(session),
    ...refusals.flatMap(({ uuid }) => (uuid ? session(uuid) : [])),
    ...refusedPeers.flatMap(({ nodeId }) => (nodeId === undefined ? [] : peer(nodeId))),
    ...mesh.flatMap(({ nodeId, tunnel }) => (tunnel ? [] : peer(nodeId))),
  ]);
  const hasNamelessSession = refusals.some(({ uuid }) => uuid === undefined);
  const hasNamelessPeer = refusedPeers.some(({ nodeId }) => nodeId === undefined);
  const listed = listedUuids(snapshot.sessions ?? []);
  const isMeshOld = snapshot.stored?.has('mesh') === true;
  const listedPeers = new Set(mesh.map(({ nodeId }) => nodeId));
  return (owner) => {
    if (dangers.has(owner)) return false;
    if (named.has(formatMark(owner))) return true;
    if (owner.kind === 'session')
      return !snapshot.sessions || (hasNamelessSession && !listed.has(owner.uuid));
    if (owner.kind !== 'mesh') return false;
    return !snapshot.mesh || hasNamelessPeer || (isMeshOld && !listedPeers.has(owner.nodeId));
  };
}
