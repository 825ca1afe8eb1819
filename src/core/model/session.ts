import type { PolicyName } from './policy-name.js';
import type { SessionOptions } from './session-options.js';
import type { SessionStatus } from './session-status.js';
import type { Asn } from './values/asn.js';
import type { BirdText } from './values/bird-text.js';
import type { Endpoint } from './values/endpoint.js';
import type { InterfaceName } from './values/interface-name.js';
import type { IpAddress, Ipv4, Ipv6 } from './values/ip.js';
import type { Secret } from './values/secret.js';
import type { SessionId } from './values/session-id.js';
import type { WireGuardKey } from './values/wireguard-key.js';

/**
 * One BGP session over one WireGuard tunnel, every field valid. Addresses are the neighbor's, except `ownIpv6` and the
 * `local` ones.
 */
export interface Session {
  readonly uuid: SessionId;
  readonly status: SessionStatus;
  readonly asn: Asn;
  readonly description: BirdText;
  readonly interface: InterfaceName;
  readonly listenPort: number;
  /** True where the control plane names no port: `listenPort` is then the default that peers are told. */
  readonly isDefaultPort?: boolean;
  readonly mtu: number;
  readonly endpoint: Endpoint | undefined;
  readonly publicKey: WireGuardKey;
  readonly presharedKey: Secret | undefined;
  readonly ipv4: Ipv4 | undefined;
  /** The neighbor's global or unique local address. */
  readonly ipv6: Ipv6 | undefined;
  readonly ipv6LinkLocal: Ipv6 | undefined;
  /**
   * Our own address on this tunnel besides the node's usual link-local: the one that the neighbor uses. Link-local or
   * unique local.
   */
  readonly ownIpv6?: Ipv6 | undefined;
  /** Our end of a /31 with `ipv4` (RFC 3021); absent: our loopback address speaks with the neighbor. */
  readonly localIpv4?: Ipv4 | undefined;
  /** Our end of a /127 with `ipv6` (RFC 6164); absent: our loopback address speaks with the neighbor. */
  readonly localIpv6?: Ipv6 | undefined;
  /** Both address families over one BGP session (RFC 4760). */
  readonly mpBgp: boolean;
  /** IPv4 routes with an IPv6 next hop (RFC 8950). */
  readonly extendedNextHop: boolean;
  /** Our link-local address as the next hop of IPv6 routes where BGP runs over IPv4, because BIRD finds none by itself. */
  readonly ipv6NextHop?: Ipv6 | undefined;
  /** True where a protocol that is Established carries one address family, and a second one would reset it. */
  readonly keepsOneFamily?: boolean;
  readonly policy: PolicyName;
  /** What it has of its own: as its `data` says, and from `withOptions` on also as the operator's file says. Absent where nothing does. */
  readonly options?: SessionOptions | undefined;
  /** What of its options does not count and why, in words. */
  readonly ignoredOptions?: readonly string[] | undefined;
}

/** The peer of an ended session, as far as the list names it. */
export interface EndedPeer {
  readonly asn: Asn;
  readonly publicKey: WireGuardKey | undefined;
  readonly addresses: readonly IpAddress[];
}

/**
 * One item of the control plane's list after parsing. `ignored` has a status under which the agent removes
 * everything of the session, `refused` cannot be configured, for a reason that somebody can act on.
 */
export type SessionEntry =
  | { readonly kind: 'session'; readonly session: Session }
  | {
      readonly kind: 'ignored';
      readonly uuid: SessionId;
      readonly status: SessionStatus;
      readonly interface: string | undefined;
      /** Absent where it has no ASN. */
      readonly peer?: EndedPeer | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly uuid: SessionId | undefined;
      readonly status: SessionStatus | undefined;
      readonly asn: Asn | undefined;
      readonly interface: string | undefined;
      readonly reason: string;
    };

/** The uuid of an item of the list, where it has a usable one. */
export function uuidOf(entry: SessionEntry): SessionId | undefined {
  return entry.kind === 'session' ? entry.session.uuid : entry.uuid;
}

/** The status that the control plane's list gives a session. */
export function listedStatus(entry: SessionEntry): SessionStatus | undefined {
  return entry.kind === 'session' ? entry.session.status : entry.status;
}

/** `session abc-123 (AS4242421080)`: its name in messages. */
export function nameOfSession({ uuid, asn }: Pick<Session, 'uuid' | 'asn'>): string {
  return `session ${uuid} (AS${asn})`;
}

/** `session abc-123 (AS4242421080)`: the name in messages of a row with a uuid. */
export function describeSession(entry: SessionEntry): string {
  const asn =
    entry.kind === 'session' ? entry.session.asn : entry.kind === 'refused' ? entry.asn : entry.peer?.asn;
  return `session ${uuidOf(entry)}${asn === undefined ? '' : ` (AS${asn})`}`;
}

/** The uuids of all items of the list that have a usable one. */
export function listedUuids(entries: readonly SessionEntry[]): ReadonlySet<SessionId> {
  return new Set(entries.flatMap((entry) => uuidOf(entry) ?? []));
}
