import { previousSpelling } from '../desired/owned.js';
import type { MeshPeer, Snapshot } from '../model/control-plane.js';
import type { ObservedLink } from '../model/observed.js';
import type { Owner } from '../model/owner.js';
import type { SessionEntry } from '../model/session.js';
import type { Secret } from '../model/values/secret.js';

/** What the control plane says of the tunnel with a name. */
export interface TunnelWish {
  readonly owner: Owner;
  readonly what: string;
  readonly publicKey: string | undefined;
  readonly presharedKey: Secret | undefined;
  /** True where the agent removes the tunnel: then its preshared key does not matter. */
  readonly ends: boolean;
}

export type Lists = Pick<Snapshot, 'sessions' | 'mesh'>;

/**
 * Interface name → whose it may be. Desired tunnels come before ended ones, because a deleted peer may come back under
 * the same name.
 */
export function wishesByName(
  { sessions = [], mesh }: Lists,
  links: readonly ObservedLink[],
): ReadonlyMap<string, readonly TunnelWish[]> {
  const present = new Set(links.map(({ name }) => name));
  const named = [
    ...(mesh?.peers ?? []).map(ofPeer),
    ...sessions.flatMap((entry) => ofSession(entry, present)),
    ...sessions.flatMap((entry) => ofEnded(entry, present)),
  ];
  const wishes = new Map<string, TunnelWish[]>();
  for (const [name, wish] of named) wishes.set(name, [...(wishes.get(name) ?? []), wish]);
  return wishes;
}

type NamedWish = readonly [name: string, wish: TunnelWish];

function ofPeer({ nodeId, publicKey }: MeshPeer): NamedWish {
  const owner = { kind: 'mesh', nodeId } as const;
  const what = `mesh peer ${nodeId}`;
  return [`dn42-wg-igp-${nodeId}`, { owner, what, publicKey, presharedKey: undefined, ends: false }];
}

function ofSession(entry: SessionEntry, present: ReadonlySet<string>): NamedWish[] {
  if (entry.kind !== 'session') return [];
  const { uuid, interface: name, publicKey, presharedKey } = entry.session;
  const owner = { kind: 'session', uuid } as const;
  const what = `session ${uuid}`;
  return [[presentName(name, present), { owner, what, publicKey, presharedKey, ends: false }]];
}

function ofEnded(entry: SessionEntry, present: ReadonlySet<string>): NamedWish[] {
  if (entry.kind !== 'ignored' || entry.interface === undefined) return [];
  const { uuid, status, interface: name, peer } = entry;
  const owner = { kind: 'session', uuid } as const;
  const what = `session ${uuid}, which is ${status}`;
  const wish = { owner, what, publicKey: peer?.publicKey, presharedKey: undefined, ends: true };
  return [[presentName(name, present), wish]];
}

/** The control plane's name, unless only its old spelling exists. */
function presentName(name: string, present: ReadonlySet<string>): string {
  const previous = previousSpelling(name);
  return !present.has(name) && previous !== undefined && present.has(previous) ? previous : name;
}
