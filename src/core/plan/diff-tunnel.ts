import { formatAddress, type InterfaceAddress, type Tunnel } from '../model/artifacts.js';
import type { Change, LinkChange } from '../model/change.js';
import {
  isLasting,
  type ObservedLink,
  type ObservedWireGuard,
  type ObservedWireGuardPeer,
} from '../model/observed.js';
import { formatMark, parseMark } from '../model/owner.js';
import { type Endpoint, formatEndpoint } from '../model/values/endpoint.js';
import { sameSecret } from '../model/values/secret.js';
import { type EndpointFacts, endpointDiffers, wantedEndpoint } from './diff-endpoint.js';

/** The facts about one tunnel's interface before a pass. */
export interface TunnelFacts extends EndpointFacts {
  readonly link: ObservedLink | undefined;
  readonly wireguard: ObservedWireGuard | undefined;
  /** This node's public key; undefined where there is no key pair yet. */
  readonly publicKey: string | undefined;
  /** True where the agent adopts the interface of a previous agent. */
  readonly isAdopted?: boolean;
}

/**
 * The changes that the interface of `tunnel` needs. WireGuard that could not be read stays unchanged: the process that
 * serves it still uses its name.
 */
export function diffTunnel(tunnel: Tunnel, facts: TunnelFacts): Change[] {
  const present = facts.wireguard ? facts.link : undefined;
  const changes: Change[] = [];
  const { owner } = tunnel;
  const isUnread = facts.wireguard?.unread !== undefined;
  if (!present && isUnread) return [];
  if (!present) {
    const dead = facts.link !== undefined;
    const why = dead ? 'the present interface is not a WireGuard interface' : 'it is missing';
    changes.push({ kind: 'create-tunnel', owner, interface: tunnel.interface, replace: dead, why });
  }
  const link = diffLink(tunnel, present, facts.isAdopted ?? false);
  if (link) changes.push({ kind: 'set-link', owner, ...link });
  const sync = isUnread ? undefined : diffWireGuard(tunnel, facts);
  if (sync) changes.push(sync);
  return changes;
}

function diffLink(
  tunnel: Tunnel,
  link: ObservedLink | undefined,
  isAdopted: boolean,
): { link: LinkChange; why: string } | undefined {
  const mark = formatMark(tunnel.owner);
  const add = missingFrom(tunnel.addresses, (link?.addresses ?? []).filter(isLasting));
  const remove = missingFrom(link?.addresses ?? [], tunnel.addresses).filter(
    (address) => !tunnel.preservedAddresses?.includes(formatAddress(address)) || isReplaced(address, add),
  );
  const parts = [
    // The agent sets this together with the mark, so without a mark it is missing. An adopted interface may have a session
    // that speaks from such an address.
    {
      if: !parseMark(link?.alias) && !isAdopted,
      set: { noAutomaticLinkLocal: true as const },
      why: undefined,
    },
    { if: link?.alias !== mark, set: { alias: mark }, why: markReason(link, isAdopted) },
    { if: link?.mtu !== tunnel.mtu, set: { mtu: tunnel.mtu }, why: `MTU ${link?.mtu} → ${tunnel.mtu}` },
    {
      if: remove.length > 0,
      set: { removeAddresses: remove },
      why: `remove ${remove.map(formatAddress).join(', ')}`,
    },
    { if: add.length > 0, set: { addAddresses: add }, why: `add ${add.map(formatAddress).join(', ')}` },
    { if: !link?.up, set: { up: true as const }, why: 'it is down' },
  ].filter((part) => part.if);
  if (parts.length === 0) return undefined;
  const change: LinkChange = Object.assign({ interface: tunnel.interface }, ...parts.map((part) => part.set));
  const addresses = tunnel.addresses.map(formatAddress).join(', ');
  const why = link
    ? parts.flatMap((part) => part.why ?? []).join('; ')
    : `it needs MTU ${tunnel.mtu}, ${addresses}`;
  return { link: change, why };
}

function markReason(link: ObservedLink | undefined, isAdopted: boolean): string {
  if (isAdopted) return 'the previous agent made it, and this agent adopts it';
  const owner = parseMark(link?.alias);
  return owner
    ? `it belonged to ${formatMark(owner)}`
    : 'the agent made it, but ended before it could mark it';
}

/** The addresses of `wanted` that are not among `present`. */
export function missingFrom<A extends InterfaceAddress>(
  wanted: readonly A[],
  present: readonly InterfaceAddress[],
): A[] {
  const texts = new Set(present.map(formatAddress));
  return wanted.filter((address) => !texts.has(formatAddress(address)));
}

/** For the kernel, an IPv6 address with another prefix length is the same address. */
function isReplaced({ local }: InterfaceAddress, by: readonly InterfaceAddress[]): boolean {
  return local.includes(':') && by.some((address) => address.local === local);
}

function diffWireGuard(tunnel: Tunnel, facts: TunnelFacts): Change | undefined {
  const { wireguard } = facts;
  const peer = wireguard?.peers.find((candidate) => candidate.publicKey === tunnel.peer.publicKey);
  const endpoint = wantedEndpoint(tunnel.peer.endpoint, peer, facts);
  const reasons = wireguard
    ? [...interfaceReasons(tunnel, wireguard, facts.publicKey), ...peerReasons(tunnel, peer, endpoint, facts)]
    : [
        `it needs peer ${tunnel.peer.publicKey}, port ${tunnel.listenPort}, endpoint ${describeEndpoint(tunnel.peer.endpoint, endpoint)}`,
      ];
  if (reasons.length === 0) return undefined;
  return {
    kind: 'sync-wireguard',
    owner: tunnel.owner,
    tunnel,
    endpoint: endpoint ?? peer?.endpoint,
    why: reasons.join('; '),
  };
}

function interfaceReasons(
  tunnel: Tunnel,
  wireguard: ObservedWireGuard,
  publicKey: string | undefined,
): string[] {
  const strangers = wireguard.peers.filter((peer) => peer.publicKey !== tunnel.peer.publicKey);
  return [
    ...(wireguard.publicKey !== publicKey ? ["it does not have this node's key"] : []),
    ...(wireguard.listenPort !== tunnel.listenPort
      ? [`port ${wireguard.listenPort} → ${tunnel.listenPort}`]
      : []),
    ...strangers.map((peer) => `remove peer ${peer.publicKey}`),
  ];
}

function peerReasons(
  tunnel: Tunnel,
  peer: ObservedWireGuardPeer | undefined,
  endpoint: string | undefined,
  facts: TunnelFacts,
): string[] {
  const wanted = tunnel.peer;
  if (!peer) return [`add peer ${wanted.publicKey}`];
  return [
    ...(sameSecret(peer.presharedKey, wanted.presharedKey) ? [] : ['the preshared key differs']),
    ...(sameSet(peer.allowedIps, wanted.allowedIps) ? [] : [`allowed IPs ${wanted.allowedIps.join(', ')}`]),
    ...(peer.persistentKeepaliveSeconds === wanted.persistentKeepaliveSeconds
      ? []
      : [`keepalive ${peer.persistentKeepaliveSeconds} → ${wanted.persistentKeepaliveSeconds} s`]),
    ...(endpointDiffers(wanted.endpoint, endpoint, peer, facts)
      ? [`endpoint ${peer.endpoint ?? 'none'} → ${endpoint}${whyGivenUp(peer, facts)}`]
      : []),
  ];
}

function whyGivenUp({ endpoint }: ObservedWireGuardPeer, { dial }: TunnelFacts): string {
  const isTried = dial !== undefined && dial.endpoint === endpoint && dial.triedSeconds > 0;
  return isTried ? ` (no handshake at the old address for ${dial.triedSeconds} s)` : '';
}

function describeEndpoint(wanted: Endpoint | undefined, endpoint: string | undefined): string {
  if (!wanted) return 'none (the peer dials in)';
  const text = formatEndpoint(wanted.host, wanted.port);
  if (endpoint === undefined) return `${text} (does not resolve; the agent asks again at each pass)`;
  return wanted.named ? `${text} (${endpoint})` : text;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === new Set(a).size;
}
