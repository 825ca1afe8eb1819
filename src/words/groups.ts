import type { TroubleKind } from '../core/verdict/trouble-kind.js';
import type { MeshRow, NodeStatus, SessionRow } from '../shell/status/status.js';
import type { Tone } from './tone.js';

/** The group of a row: who has to act on it, or how it is. */
export type GroupKey = TroubleKind | 'up' | 'mesh' | 'off';

/** The rows that one heading covers. */
export interface Group {
  readonly key: GroupKey;
  readonly sessions: readonly SessionRow[];
  readonly mesh: readonly MeshRow[];
}

/** How each group is headed, those first that need a person; then what is up, and what is not to run. */
export const groupTitles: Readonly<Record<GroupKey, string>> = {
  'needs-you': 'needs you',
  working: 'working on it',
  'peer-side': "peer's side: all is right here",
  up: 'up',
  mesh: 'mesh',
  off: 'off at the control plane',
};

export const groupTones: Readonly<Record<GroupKey, Tone>> = {
  'needs-you': 'bad',
  working: 'warn',
  'peer-side': 'warn',
  up: 'good',
  mesh: 'good',
  off: 'dim',
};

/** Sessions and mesh peers by who has to act, in the order of `groupTitles`. */
export function groupRows({ sessions, mesh }: Pick<NodeStatus, 'sessions' | 'mesh'>): Group[] {
  const sorted = sessions.toSorted(
    (a, b) => Number(a.state === 'refused') - Number(b.state === 'refused') || (a.asn ?? 0) - (b.asn ?? 0),
  );
  const groups = (Object.keys(groupTitles) as GroupKey[]).map((key) => ({
    key,
    sessions: sorted.filter((row) => groupOf(row) === key),
    mesh: mesh.filter((peer) => groupOfMesh(peer) === key),
  }));
  return groups.filter((group) => group.sessions.length + group.mesh.length > 0);
}

/** An older daemon does not say it. */
function groupOf({ trouble, state, error }: SessionRow): GroupKey {
  if (trouble) return trouble.kind;
  if (state === 'waiting') return 'peer-side';
  if (state === 'ok') return 'up';
  return state === 'ignored' && error === undefined ? 'off' : 'needs-you';
}

function groupOfMesh({ trouble, error }: MeshRow): GroupKey {
  return trouble?.kind ?? (error === undefined ? 'mesh' : 'needs-you');
}
