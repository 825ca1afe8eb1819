import type { DesiredSession } from '../desired/sessions.js';
import { isEstablished, linkNamed, type Observed } from '../model/observed.js';
import { isLinkLocalText } from '../model/values/ip.js';
import { type SessionView, viewSession } from '../verdict/session-view.js';

/** What one look at the system shows of sessions. */
export type LiveSystem = Pick<Observed, 'nowSeconds' | 'links' | 'wireguard' | 'bird'>;

/** One session as it is right now. */
export interface SessionState {
  readonly asn: number;
  readonly interface: string;
  readonly tunnel: {
    readonly exists: boolean;
    readonly up: boolean;
    /** Undefined where there was no handshake yet. */
    readonly handshakeSecondsAgo: number | undefined;
    readonly isFresh: boolean;
    readonly hasLinkLocal: boolean;
    /** Bytes, as WireGuard counts them; undefined where the tunnel or its peer is missing. */
    readonly traffic: { readonly rxBytes: number; readonly txBytes: number } | undefined;
  };
  readonly bgp: {
    /** BIRD's state of the first protocol that is not up, `not_found` where BIRD has none, `unknown` where it does not answer. */
    readonly state: string;
    /** Since when it is Established, in BIRD's own form; undefined where it is not. */
    readonly since: string | undefined;
    readonly routesImported: number;
    readonly routesExported: number;
  };
}

/** WireGuard's keys live for three minutes (REJECT_AFTER_TIME, whitepaper section 6.1): an older handshake carries nothing. */
const freshSeconds = 180;

export function sessionState(desired: DesiredSession, live: LiveSystem): SessionState {
  const { session, tunnel } = desired;
  const view = viewSession(desired, live);
  const link = linkNamed(live.links, tunnel.interface);
  const handshake = view.peer?.latestHandshakeSeconds;
  // After a step of the clock a handshake may seem to lie ahead.
  const handshakeSecondsAgo = handshake ? Math.max(0, live.nowSeconds - handshake) : undefined;
  return {
    asn: session.asn,
    interface: tunnel.interface,
    tunnel: {
      exists: link !== undefined,
      up: link?.up ?? false,
      handshakeSecondsAgo,
      isFresh: handshakeSecondsAgo !== undefined && handshakeSecondsAgo <= freshSeconds,
      hasLinkLocal:
        link !== undefined && missingAddresses(desired, live).every((text) => !isLinkLocalText(text)),
      traffic: view.peer && { rxBytes: view.peer.rxBytes, txBytes: view.peer.txBytes },
    },
    bgp: {
      state: bgpState(view, live),
      since: view.established ? view.protocol?.since : undefined,
      routesImported: view.routesImported,
      routesExported: view.routesExported,
    },
  };
}

/** The addresses that the session's tunnel lacks. */
export function missingAddresses({ tunnel }: DesiredSession, { links }: LiveSystem): string[] {
  const present = linkNamed(links, tunnel.interface)?.addresses ?? [];
  return tunnel.addresses
    .map(({ local }) => local)
    .filter((local) => !present.some((address) => address.local === local));
}

function bgpState({ established, protocol }: SessionView, { bird }: LiveSystem): string {
  if (!bird.running) return 'unknown';
  if (established) return 'Established';
  return protocol && !isEstablished(protocol) ? (protocol.bgp?.state ?? protocol.state) : 'not_found';
}
