import { type DesiredSession, protocolNames } from '../desired/sessions.js';
import {
  type BirdProtocol,
  isEstablished,
  type Observed,
  type ObservedWireGuardPeer,
  protocolNamed,
  wireguardNamed,
} from '../model/observed.js';

/** Over all protocols and address families. */
interface RouteCounts {
  readonly routesImported: number;
  readonly routesExported: number;
  /** Routes of the neighbor that the filter refuses; BIRD keeps them (`import keep filtered`). */
  readonly routesRefused: number;
}

/** One session as the system shows it. */
export interface SessionView extends RouteCounts {
  /** Undefined where the tunnel or its peer is missing. */
  readonly peer: ObservedWireGuardPeer | undefined;
  readonly protocolNames: readonly string[];
  /** Those of them that BIRD runs. */
  readonly protocols: readonly BirdProtocol[];
  /** The first that is not Established, else the first; undefined where BIRD runs none of them. */
  readonly protocol: BirdProtocol | undefined;
  readonly established: boolean;
  /** Where to ping over the tunnel: the neighbor's address that BGP uses, `fe80::2%wg_24001` or an address. */
  readonly pingTarget: string | undefined;
  /** The neighbor's other address, which BGP does not use; undefined where it has none. */
  readonly otherTarget: string | undefined;
}

type Seen = Pick<Observed, 'wireguard' | 'bird'>;

/** A pass asks for the view of a session ten times: for its verdict, its status, its metrics, its events. */
const lastViews = new WeakMap<DesiredSession, { readonly of: Seen; readonly view: SessionView }>();

export function viewSession(desired: DesiredSession, { wireguard, bird }: Seen): SessionView {
  const last = lastViews.get(desired);
  if (last?.of.wireguard === wireguard && last.of.bird === bird) return last.view;
  const view = makeView(desired, { wireguard, bird });
  lastViews.set(desired, { of: { wireguard, bird }, view });
  return view;
}

function makeView(desired: DesiredSession, observed: Seen): SessionView {
  const { session, tunnel } = desired;
  const names = protocolNames(desired);
  const running = observed.bird.running ? observed.bird.protocols : [];
  const protocols = names.flatMap((name) => protocolNamed(running, name) ?? []);
  const complete = protocols.length === names.length;
  return {
    peer: wireguardNamed(observed.wireguard, tunnel.interface)?.peers.find(
      (peer) => peer.publicKey === tunnel.peer.publicKey,
    ),
    protocolNames: names,
    protocols,
    protocol: protocols.find((protocol) => !isEstablished(protocol)) ?? protocols[0],
    established: complete && protocols.every(isEstablished),
    ...routesOver(protocols),
    pingTarget: session.ipv6LinkLocal
      ? `${session.ipv6LinkLocal}%${session.interface}`
      : (session.ipv4 ?? session.ipv6),
    otherTarget: session.ipv6LinkLocal && session.ipv6,
  };
}

/** The routes of these protocols together; a channel that is down has none. */
export function routesOver(protocols: readonly BirdProtocol[]): RouteCounts {
  const channels = protocols.flatMap((protocol) => protocol.channels);
  return {
    routesImported: sum(channels.map(({ routes }) => routes?.imported ?? 0)),
    routesExported: sum(channels.map(({ routes }) => routes?.exported ?? 0)),
    routesRefused: sum(channels.map(({ routes }) => routes?.filtered ?? 0)),
  };
}

type Down = Pick<SessionView, 'protocol' | 'peer'>;

/** `BGP is not established: Connect (Socket: Connection refused), the tunnel never had a handshake`. */
export function describeDown(view: Down): string {
  return `BGP is not established: ${whyDown(view)}`;
}

/** `Connect (Socket: Connection refused), the tunnel never had a handshake`. */
export function whyDown({ protocol, peer }: Down): string {
  const state = protocol?.bgp?.state ?? protocol?.state ?? 'not running';
  const error = protocol?.bgp?.lastError ? ` (${protocol.bgp.lastError})` : '';
  return `${state}${error}, ${describeHandshake(peer)}`;
}

/** The time, because the seconds since then would make a new text each time. */
function describeHandshake(peer: ObservedWireGuardPeer | undefined): string {
  if (!peer?.latestHandshakeSeconds) return 'the tunnel never had a handshake';
  const time = new Date(peer.latestHandshakeSeconds * 1000).toISOString();
  return `last handshake at ${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
