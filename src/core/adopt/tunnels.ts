import type { Mesh } from '../model/control-plane.js';
import { type Owner, parseMark } from '../model/owner.js';
import { type Secret, sameSecret } from '../model/secret.js';
import type { SessionEntry } from '../model/session.js';
import type { Observed, ObservedLink, ObservedWireGuard } from '../observed.js';

/** An interface that looks like the previous agent's and is not taken over by itself. */
export interface DoubtfulTunnel {
  readonly interface: string;
  readonly why: string;
  /** Whose it would be; undefined where nobody on the control plane's lists has such an interface. */
  readonly owner: Owner | undefined;
  /** False where also `adopt` leaves it alone. */
  readonly adoptable: boolean;
}

export interface FormerTunnels {
  /** Interfaces without a mark that are beyond doubt those that the control plane means. */
  readonly certain: ReadonlyMap<string, Owner>;
  readonly doubtful: readonly DoubtfulTunnel[];
}

/** What the control plane says of the tunnel of a name. */
interface Wish {
  readonly owner: Owner;
  readonly what: string;
  readonly publicKey: string | undefined;
  readonly presharedKey: Secret | undefined;
}

const lookOfThem = /^(dn42[_-]|wg_mesh_)/;

/** Sorts the interfaces that have no mark. `creating` are those that this agent itself began to make. */
export function findFormerTunnels(
  observed: Observed,
  lists: { readonly sessions: readonly SessionEntry[] | undefined; readonly mesh: Mesh | undefined },
  publicKey: string | undefined,
  creating: readonly string[],
): FormerTunnels {
  const wishes = wishesByName(lists, observed.links);
  const certain = new Map<string, Owner>();
  const doubtful: DoubtfulTunnel[] = [];
  for (const link of observed.links) {
    if (link.alias !== undefined || creating.includes(link.name)) continue;
    const wish = wishes.get(link.name);
    if (!wish && !lookOfThem.test(link.name)) continue;
    const wireguard = observed.wireguard.find((each) => each.interface === link.name);
    const why = whyNot(wish, wireguard, publicKey);
    if (wish && why === undefined) certain.set(link.name, wish.owner);
    else doubtful.push(doubt(link.name, wish, wireguard, publicKey, why ?? ''));
  }
  return { certain, doubtful };
}

function doubt(
  name: string,
  wish: Wish | undefined,
  wireguard: ObservedWireGuard | undefined,
  publicKey: string | undefined,
  why: string,
): DoubtfulTunnel {
  const adoptable = wireguard !== undefined && (wish !== undefined || hasOwnKey(wireguard, publicKey));
  return { interface: name, why, owner: wish?.owner, adoptable };
}

/** `dn42-4242421080`, as earlier agents spelt `dn42_4242421080`; undefined where there is no other spelling. */
export function formerSpelling(name: string): string | undefined {
  return name.startsWith('dn42_') ? `dn42-${name.slice(5)}` : undefined;
}

/** The name that is there counts, then the one that the control plane says, then its old spelling. */
function wishesByName(
  { sessions = [], mesh }: Parameters<typeof findFormerTunnels>[1],
  links: readonly ObservedLink[],
): ReadonlyMap<string, Wish> {
  const names = new Set(links.map(({ name }) => name));
  const wishes = new Map<string, Wish>();
  for (const peer of mesh?.peers ?? []) {
    const owner = { kind: 'mesh', nodeId: peer.nodeId } as const;
    const what = `mesh peer ${peer.nodeId}`;
    wishes.set(`dn42-wg-igp-${peer.nodeId}`, {
      owner,
      what,
      publicKey: peer.publicKey,
      presharedKey: undefined,
    });
  }
  for (const entry of sessions) {
    if (entry.kind !== 'session') continue;
    const { uuid, interface: name, publicKey, presharedKey } = entry.session;
    const former = formerSpelling(name);
    const present = !names.has(name) && former !== undefined && names.has(former) ? former : name;
    if (wishes.has(present)) continue;
    wishes.set(present, {
      owner: { kind: 'session', uuid },
      what: `session ${uuid}`,
      publicKey,
      presharedKey,
    });
  }
  for (const { name, alias } of links) {
    const owner = parseMark(alias);
    if (owner) wishes.delete(name);
  }
  return wishes;
}

/** Why it is not beyond doubt what the control plane means; undefined where it is. */
function whyNot(
  wish: Wish | undefined,
  wireguard: ObservedWireGuard | undefined,
  publicKey: string | undefined,
): string | undefined {
  if (!wireguard) return 'it is no WireGuard interface';
  if (!wish) return 'nobody on the lists of the control plane has an interface of this name';
  if (!hasOwnKey(wireguard, publicKey)) return "it does not have this node's key";
  const [peer, ...others] = wireguard.peers;
  if (!peer || others.length > 0) return `it has ${wireguard.peers.length} peers`;
  if (peer.publicKey !== wish.publicKey) return `its peer ${peer.publicKey} is not the one of ${wish.what}`;
  if (!sameSecret(peer.presharedKey, wish.presharedKey))
    return `its preshared key is not the one of ${wish.what}`;
  return undefined;
}

function hasOwnKey(wireguard: ObservedWireGuard, publicKey: string | undefined): boolean {
  return publicKey !== undefined && wireguard.publicKey === publicKey;
}
