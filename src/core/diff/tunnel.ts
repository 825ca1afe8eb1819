import type { Change, LinkChange } from '../change.js';
import type { InterfaceAddress, Tunnel } from '../desired/desired.js';
import { type Endpoint, formatEndpoint } from '../model/endpoint.js';
import { formatMark, parseMark } from '../model/owner.js';
import { sameSecret } from '../model/secret.js';
import type { ObservedAddress, ObservedLink, ObservedWireGuard, ObservedWireGuardPeer } from '../observed.js';

/** What is known of one tunnel's interface before a pass. */
export interface TunnelFacts {
  readonly link: ObservedLink | undefined;
  readonly wireguard: ObservedWireGuard | undefined;
  /** This node's public key; undefined where there is no key pair yet. */
  readonly publicKey: string | undefined;
  readonly resolved: ReadonlyMap<string, readonly string[]>;
  readonly nowSeconds: number;
  /** True where an interface of the previous agent's becomes this one's. */
  readonly isTaken?: boolean;
  /** The endpoint text that was last given to this interface, so that a wish that changed is known from a peer that roamed. */
  readonly lastEndpoint: string | undefined;
}

/** WireGuard makes a new handshake every 120 s of traffic; an older one than this means that packets are lost (whitepaper, 6.1). */
const handshakeFreshSeconds = 135;

/** The changes that make the interface of `tunnel` what it should be; none where it is. */
export function diffTunnel(tunnel: Tunnel, facts: TunnelFacts): Change[] {
  const present = facts.wireguard ? facts.link : undefined;
  const changes: Change[] = [];
  const { owner } = tunnel;
  if (!present) {
    const dead = facts.link !== undefined;
    const why = dead ? 'the present one is no WireGuard interface' : 'it is missing';
    changes.push({ kind: 'create-tunnel', owner, interface: tunnel.interface, replace: dead, why });
  }
  const link = diffLink(tunnel, present, facts.isTaken ?? false);
  if (link) changes.push({ kind: 'set-link', owner, ...link });
  const sync = diffWireGuard(tunnel, facts);
  if (sync) changes.push(sync);
  return changes;
}

function diffLink(
  tunnel: Tunnel,
  link: ObservedLink | undefined,
  isTaken: boolean,
): { link: LinkChange; why: string } | undefined {
  const mark = formatMark(tunnel.owner);
  const add = missingFrom(tunnel.addresses, (link?.addresses ?? []).filter(isLasting));
  const remove = missingFrom(link?.addresses ?? [], tunnel.addresses).filter(
    (address) => !tunnel.keptAddresses?.includes(formatAddress(address)) || isReplaced(address, add),
  );
  const parts = [
    // Also where the agent that made it died before it came to this, which goes along with the mark. What is taken over may
    // have a session that speaks from such an address.
    {
      if: !parseMark(link?.alias) && !isTaken,
      set: { noAutomaticLinkLocal: true as const },
      why: undefined,
    },
    { if: link?.alias !== mark, set: { alias: mark }, why: markReason(link, isTaken) },
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
    : `it is to have MTU ${tunnel.mtu}, ${addresses}`;
  return { link: change, why };
}

function markReason(link: ObservedLink | undefined, isTaken: boolean): string {
  if (isTaken) return 'it was there before and is taken over';
  const owner = parseMark(link?.alias);
  return owner
    ? `it belonged to ${formatMark(owner)}`
    : 'it was made by the agent, which did not come to mark it';
}

function missingFrom(
  wanted: readonly InterfaceAddress[],
  present: readonly InterfaceAddress[],
): InterfaceAddress[] {
  const texts = new Set(present.map(formatAddress));
  return wanted.filter((address) => !texts.has(formatAddress(address)));
}

/** False for an address on trial: the kernel removes it by itself where nobody confirms it. */
export function isLasting({ expires }: ObservedAddress): boolean {
  return !expires;
}

/** To the kernel, an IPv6 address with another prefix length is the same address: an interface has it once. */
function isReplaced({ local }: InterfaceAddress, by: readonly InterfaceAddress[]): boolean {
  return local.includes(':') && by.some((address) => address.local === local);
}

/** `fe80::1/64`, or `172.22.188.1/32 peer 172.23.91.128`. */
export function formatAddress(address: InterfaceAddress): string {
  const text = `${address.local}/${address.prefixLength}`;
  return address.peer === undefined ? text : `${text} peer ${address.peer}`;
}

function diffWireGuard(tunnel: Tunnel, facts: TunnelFacts): Change | undefined {
  const { wireguard } = facts;
  const peer = wireguard?.peers.find((candidate) => candidate.publicKey === tunnel.peer.publicKey);
  const endpoint = wantedEndpoint(tunnel.peer.endpoint, peer, facts.resolved);
  const reasons = wireguard
    ? [...interfaceReasons(tunnel, wireguard, facts.publicKey), ...peerReasons(tunnel, peer, endpoint, facts)]
    : [
        `it is to have peer ${tunnel.peer.publicKey}, port ${tunnel.listenPort}, endpoint ${describeEndpoint(tunnel.peer.endpoint, endpoint)}`,
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
      ? [`endpoint ${peer.endpoint ?? 'none'} → ${endpoint}`]
      : []),
  ];
}

/** The endpoint text of a tunnel whose peer is dialled where it should be; undefined where it is not. */
export function reachedEndpoint(
  tunnel: Tunnel,
  wireguard: ObservedWireGuard | undefined,
  resolved: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const { endpoint, publicKey } = tunnel.peer;
  const peer = wireguard?.peers.find((candidate) => candidate.publicKey === publicKey);
  const wanted = wantedEndpoint(endpoint, peer, resolved);
  if (!endpoint || wanted === undefined || wanted !== peer?.endpoint) return undefined;
  return formatEndpoint(endpoint.host, endpoint.port);
}

/** Where the peer is to be dialled now: the present address while the name still has it, else the first it has. */
function wantedEndpoint(
  endpoint: Endpoint | undefined,
  peer: ObservedWireGuardPeer | undefined,
  resolved: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  if (!endpoint) return undefined;
  if (!endpoint.named) return formatEndpoint(endpoint.host, endpoint.port);
  const candidates = (resolved.get(endpoint.host) ?? []).map((address) =>
    formatEndpoint(address, endpoint.port),
  );
  return candidates.find((candidate) => candidate === peer?.endpoint) ?? candidates[0];
}

/**
 * A working peer that is heard from elsewhere has roamed, or sends from another of its addresses: it is left alone
 * until its handshake is old, unless the control plane itself names a new endpoint.
 */
function endpointDiffers(
  wanted: Endpoint | undefined,
  endpoint: string | undefined,
  peer: ObservedWireGuardPeer,
  facts: TunnelFacts,
): boolean {
  if (!wanted || endpoint === undefined || endpoint === peer.endpoint) return false;
  const wishChanged =
    facts.lastEndpoint !== undefined && facts.lastEndpoint !== formatEndpoint(wanted.host, wanted.port);
  const fresh = facts.nowSeconds - peer.latestHandshakeSeconds < handshakeFreshSeconds;
  return wishChanged || !fresh;
}

function describeEndpoint(wanted: Endpoint | undefined, endpoint: string | undefined): string {
  if (!wanted) return 'none (the peer dials in)';
  const text = formatEndpoint(wanted.host, wanted.port);
  if (endpoint === undefined) return `${text} (does not resolve; tried again at each pass)`;
  return wanted.named ? `${text} (${endpoint})` : text;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === new Set(a).size;
}
