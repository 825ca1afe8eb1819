import type { TroubleKind } from '../core/verdict/trouble-kind.js';
import type { MeshRow, NodeStatus, SessionRow } from '../shell/status/status.js';
import type { Tone } from './tone.js';

/** The group of a row: who has to act on it, or how it is. */
export type GroupKey = TroubleKind | 'up' | 'mesh' | 'off';

/** The rows that one heading covers. */
export interface Group {
  readonly key: GroupKey;
  readonly title: string;
  readonly style: Tone;
  readonly sessions: readonly SessionRow[];
  readonly mesh: readonly MeshRow[];
}

const kinds: readonly (readonly [TroubleKind, string, Tone])[] = [
  ['needs-you', 'needs you', 'bad'],
  ['working', 'working on it', 'warn'],
  ['peer-side', "peer's side: all is right here", 'warn'],
];

/** Sessions and mesh peers by who has to act, those that need a person first; then what is up, and what is not to run. */
export function groupRows({ sessions, mesh }: Pick<NodeStatus, 'sessions' | 'mesh'>): Group[] {
  const sorted = sessions.toSorted(
    (a, b) => Number(a.state === 'refused') - Number(b.state === 'refused') || (a.asn ?? 0) - (b.asn ?? 0),
  );
  const well = sorted.filter((row) => kindOf(row) === undefined);
  const groups: Group[] = [
    ...kinds.map(([kind, title, style]) => ({
      key: kind,
      title,
      style,
      sessions: sorted.filter((row) => kindOf(row) === kind),
      mesh: mesh.filter((peer) => meshKindOf(peer) === kind),
    })),
    {
      key: 'up',
      title: 'up',
      style: 'good',
      sessions: well.filter(({ state }) => state !== 'ignored'),
      mesh: [],
    },
    {
      key: 'mesh',
      title: 'mesh',
      style: 'good',
      sessions: [],
      mesh: mesh.filter((peer) => !meshKindOf(peer)),
    },
    {
      key: 'off',
      title: 'off at the control plane',
      style: 'dim',
      sessions: well.filter(({ state }) => state === 'ignored'),
      mesh: [],
    },
  ];
  return groups.filter((group) => group.sessions.length + group.mesh.length > 0);
}

/** An older daemon does not say it. */
function kindOf({ trouble, state, error }: SessionRow): TroubleKind | undefined {
  if (trouble) return trouble.kind;
  if (state === 'waiting') return 'peer-side';
  return state === 'ok' || (state === 'ignored' && error === undefined) ? undefined : 'needs-you';
}

function meshKindOf({ trouble, error }: MeshRow): TroubleKind | undefined {
  return trouble ? trouble.kind : error === undefined ? undefined : 'needs-you';
}
