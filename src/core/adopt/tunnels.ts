import type { Snapshot } from '../model/control-plane.js';
import { type Observed, type ObservedWireGuard, wireguardNamed } from '../model/observed.js';
import type { Owner } from '../model/owner.js';
import type { DoubtfulTunnel, PreviousTunnels } from '../model/previous-agent.js';
import { sameSecret } from '../model/values/secret.js';
import { type Lists, type TunnelWish, wishesByName } from './tunnel-wishes.js';

interface UnmarkedTunnels {
  /** Interfaces without a mark that are certainly those that the control plane lists. */
  readonly certain: ReadonlyMap<string, Owner>;
  readonly doubtful: readonly DoubtfulTunnel[];
}

const lookOfThem = /^(dn42[_-]|wg_mesh_)/;

/** Sorts the interfaces without a mark. `creating` are those that this agent itself began to make. */
export function sortUnmarked(
  observed: Observed,
  lists: Lists,
  publicKey: string | undefined,
  creating: readonly string[],
): UnmarkedTunnels {
  const wishes = wishesByName(lists, observed.links);
  const certain = new Map<string, Owner>();
  const doubtful: DoubtfulTunnel[] = [];
  for (const link of observed.links) {
    if (link.alias !== undefined || creating.includes(link.name)) continue;
    const [first, ...others] = wishes.get(link.name) ?? [];
    if (!first && !lookOfThem.test(link.name)) continue;
    const wireguard = wireguardNamed(observed.wireguard, link.name);
    const meant = [first, ...others].find((wish) => whyNot(wish, wireguard, publicKey) === undefined);
    if (meant) certain.set(link.name, meant.owner);
    else doubtful.push(doubt(link.name, first, wireguard, publicKey));
  }
  return { certain, doubtful };
}

function doubt(
  name: string,
  wish: TunnelWish | undefined,
  wireguard: ObservedWireGuard | undefined,
  publicKey: string | undefined,
): DoubtfulTunnel {
  const why = whyNot(wish, wireguard, publicKey) ?? '';
  const isWanted = wish !== undefined && !wish.ends;
  const isKnown = wireguard !== undefined && wireguard.unread === undefined;
  const adoptable = isKnown && (isWanted || hasOwnKey(wireguard, publicKey));
  return { interface: name, why, owner: wish?.owner, adoptable };
}

/** Why it may not be what the control plane lists; undefined where it certainly is. */
function whyNot(
  wish: TunnelWish | undefined,
  wireguard: ObservedWireGuard | undefined,
  publicKey: string | undefined,
): string | undefined {
  if (!wireguard) return 'it is not a WireGuard interface';
  if (wireguard.unread) return 'its WireGuard does not answer, so its key and peers are unknown';
  if (!wish) return 'the control plane lists no session or mesh peer with an interface of this name';
  if (!hasOwnKey(wireguard, publicKey)) return "it does not have this node's key";
  const [peer, ...others] = wireguard.peers;
  if (!peer || others.length > 0) return `it has ${wireguard.peers.length} peers`;
  if (peer.publicKey !== wish.publicKey) return `its peer ${peer.publicKey} is not the one of ${wish.what}`;
  if (!wish.ends && !sameSecret(peer.presharedKey, wish.presharedKey))
    return `its preshared key is not the one of ${wish.what}`;
  return undefined;
}

function hasOwnKey(wireguard: ObservedWireGuard, publicKey: string | undefined): boolean {
  return publicKey !== undefined && wireguard.publicKey === publicKey;
}

/**
 * The interfaces from before the agent: those that it adopts, with their owners; with `adopt` also the doubtful ones, and
 * those that it removes.
 */
export function findPreviousTunnels(
  observed: Observed,
  snapshot: Snapshot,
  options: {
    readonly publicKey: string | undefined;
    readonly creating: readonly string[];
    readonly adopt: boolean;
  },
): PreviousTunnels {
  const { certain, doubtful } = sortUnmarked(observed, snapshot, options.publicKey, options.creating);
  const onOrder = options.adopt ? doubtful.filter(({ adoptable }) => adoptable) : [];
  const adopted = new Map<string, Owner>(certain);
  for (const { interface: name, owner } of onOrder) if (owner) adopted.set(name, owner);
  return {
    adopted,
    // An interface can be missing only from a list that is known.
    orphans:
      snapshot.sessions && snapshot.mesh
        ? onOrder.flatMap(({ owner, interface: name }) => (owner ? [] : [name]))
        : [],
    doubtful: doubtful.filter((tunnel) => !onOrder.includes(tunnel)),
  };
}
