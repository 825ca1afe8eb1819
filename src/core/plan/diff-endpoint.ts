import type { Tunnel } from '../model/artifacts.js';
import type { ObservedWireGuard, ObservedWireGuardPeer } from '../model/observed.js';
import { type Endpoint, formatEndpoint } from '../model/values/endpoint.js';
import { type Dial, isGivenUp } from './dial.js';

export interface EndpointFacts {
  readonly resolved: ReadonlyMap<string, readonly string[]>;
  readonly nowSeconds: number;
  /** The endpoint text that this interface got last, to distinguish a changed wish from a peer that roamed. */
  readonly lastEndpoint: string | undefined;
  /** The attempts at the peer's present address. */
  readonly dial: Dial | undefined;
}

/** WireGuard makes a new handshake every 120 s of traffic; an older one means that packets are lost (whitepaper, 6.1). */
const handshakeFreshSeconds = 135;

/** Where to dial the peer: its present address while the name still has it and it is not given up, else the next. */
export function wantedEndpoint(
  endpoint: Endpoint | undefined,
  peer: ObservedWireGuardPeer | undefined,
  { resolved, nowSeconds, dial }: Pick<EndpointFacts, 'resolved' | 'nowSeconds' | 'dial'>,
): string | undefined {
  if (!endpoint) return undefined;
  if (!endpoint.named) return formatEndpoint(endpoint.host, endpoint.port);
  const candidates = candidatesOf(endpoint, resolved);
  const present = candidates.find((candidate) => candidate === peer?.endpoint);
  // The resolver lists addresses with a route first (RFC 6724, rule 1).
  if (!peer || present === undefined) return candidates[0];
  if (isFresh(peer, nowSeconds) || !isGivenUp(dial, peer, candidates.length, nowSeconds)) return present;
  const ordered = [...candidates].sort();
  return ordered[(ordered.indexOf(present) + 1) % ordered.length];
}

/** The endpoint text of a tunnel whose peer has the wanted endpoint; undefined where it has another. */
export function reachedEndpoint(
  tunnel: Tunnel,
  wireguard: ObservedWireGuard | undefined,
  resolved: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const { endpoint } = tunnel.peer;
  const peer = peerOf(tunnel, wireguard);
  const wanted = wantedEndpoint(endpoint, peer, { resolved, nowSeconds: 0, dial: undefined });
  if (!endpoint || wanted === undefined || wanted !== peer?.endpoint) return undefined;
  return formatEndpoint(endpoint.host, endpoint.port);
}

/** The peer of a tunnel whose endpoint name has several addresses, the present one among them; else undefined. */
export function peerWithChoice(
  tunnel: Tunnel,
  wireguard: ObservedWireGuard | undefined,
  resolved: ReadonlyMap<string, readonly string[]>,
): ObservedWireGuardPeer | undefined {
  const { endpoint } = tunnel.peer;
  const peer = peerOf(tunnel, wireguard);
  const candidates = endpoint?.named ? candidatesOf(endpoint, resolved) : [];
  return candidates.length > 1 && candidates.includes(peer?.endpoint ?? '') ? peer : undefined;
}

/**
 * True where the agent must set the endpoint. A working peer that sends from elsewhere has roamed: the agent leaves it
 * alone until its handshake is old, unless the control plane itself names a new endpoint.
 */
export function endpointDiffers(
  wanted: Endpoint | undefined,
  endpoint: string | undefined,
  peer: ObservedWireGuardPeer,
  { lastEndpoint, nowSeconds }: EndpointFacts,
): boolean {
  if (!wanted || endpoint === undefined || endpoint === peer.endpoint) return false;
  const wishChanged = lastEndpoint !== undefined && lastEndpoint !== formatEndpoint(wanted.host, wanted.port);
  return wishChanged || !isFresh(peer, nowSeconds);
}

function isFresh({ latestHandshakeSeconds }: ObservedWireGuardPeer, nowSeconds: number): boolean {
  return nowSeconds - latestHandshakeSeconds < handshakeFreshSeconds;
}

function peerOf({ peer: { publicKey } }: Tunnel, wireguard: ObservedWireGuard | undefined) {
  return wireguard?.peers.find((candidate) => candidate.publicKey === publicKey);
}

function candidatesOf({ host, port }: Endpoint, resolved: ReadonlyMap<string, readonly string[]>): string[] {
  return (resolved.get(host) ?? []).map((address) => formatEndpoint(address, port));
}
