import { formatMark, type Owner } from './owner.js';
import type { Endpoint } from './values/endpoint.js';
import type { Family } from './values/family.js';
import { findBy } from './values/find-by.js';
import type { InterfaceName } from './values/interface-name.js';
import type { Secret } from './values/secret.js';
import type { WireGuardKey } from './values/wireguard-key.js';

/** An address of ours on an interface. `peer` makes it a point-to-point address, with a route to that peer only. */
export interface InterfaceAddress {
  readonly local: string;
  readonly prefixLength: number;
  readonly peer: string | undefined;
}

/** One WireGuard interface with its one peer. */
export interface Tunnel {
  readonly owner: Owner;
  readonly interface: InterfaceName;
  readonly mtu: number;
  readonly listenPort: number;
  readonly addresses: readonly InterfaceAddress[];
  /** Addresses that stay if they exist, as `formatAddress` writes them: an adopted session may speak from one. */
  readonly preservedAddresses?: readonly string[];
  readonly peer: {
    readonly publicKey: WireGuardKey;
    readonly presharedKey: Secret | undefined;
    readonly endpoint: Endpoint | undefined;
    readonly allowedIps: readonly string[];
    readonly persistentKeepaliveSeconds: number;
  };
}

const byMark = findBy<Tunnel>(({ owner }) => formatMark(owner));

/** The tunnel of the owner; undefined where it has none. */
export function tunnelOf(tunnels: readonly Tunnel[], owner: Owner): Tunnel | undefined {
  return byMark(tunnels, formatMark(owner));
}

/** A file below `bird.configDir` with all of its text. */
export interface BirdFile {
  /** Relative to `bird.configDir`, such as `peers/dn42_4242421080.conf`. */
  readonly path: string;
  readonly content: string;
  readonly owner: Owner;
  /** Options that are wanted and not in it yet, because its session is Established and would be reset; absent where there are none. */
  readonly pending?: readonly string[];
}

/** A BIRD protocol that must exist. */
export interface DesiredProtocol {
  readonly name: string;
  readonly owner: Owner;
  /** The file that declares it, relative to `bird.configDir`; absent for a session's, which has one file. */
  readonly file?: string;
  /** What the node lacks without it, as the end of a sentence; absent for a session's. */
  readonly lack?: string;
  /** True where an operator disabled it. */
  readonly off?: boolean;
  /** True where an operator enabled it again. */
  readonly returns?: boolean;
}

/** A BIRD protocol of the node's own files, not of a session. */
export interface NodeProtocol extends DesiredProtocol {
  readonly lack: string;
  /** BIRD's word for what it is, in small letters: `device`, `kernel`, `bgp`. */
  readonly type: string;
  /** The channels that its text declares. */
  readonly families: readonly Family[];
  readonly file: string;
}

/** `fe80::1/64`, or `172.22.188.1/32 peer 172.23.91.128`. */
export function formatAddress(address: InterfaceAddress): string {
  const text = `${address.local}/${address.prefixLength}`;
  return address.peer === undefined ? text : `${text} peer ${address.peer}`;
}
