import type { BirdFile, DesiredProtocol, InterfaceAddress, Tunnel } from './artifacts.js';
import type { Owner } from './owner.js';
import type { InterfaceName } from './values/interface-name.js';

/** What to do to one link; absent keys stay as they are. */
export interface LinkChange {
  readonly interface: string;
  /** Make it first. A kernel without such devices says `Unknown device type`. */
  readonly create?: 'dummy' | 'wireguard';
  readonly alias?: string;
  readonly mtu?: number;
  readonly up?: true;
  /** Switch the kernel's automatic link-local address off (TUN devices make one). */
  readonly noAutomaticLinkLocal?: true;
  readonly addAddresses?: readonly InterfaceAddress[];
  /** The kernel removes the added addresses by itself after so many seconds; absent: they stay. */
  readonly lifetimeSeconds?: number;
  readonly removeAddresses?: readonly InterfaceAddress[];
  /** Delete the interface; with it goes everything on it. */
  readonly remove?: true;
}

/** One step from what is observed to what is desired, as plain data, with the reason in `why`. */
export type Change =
  | { readonly kind: 'create-key-pair'; readonly owner: Owner; readonly why: string }
  | {
      readonly kind: 'create-tunnel';
      readonly owner: Owner;
      readonly interface: InterfaceName;
      /** True where a dead interface of that name is in the way and goes first. */
      readonly replace: boolean;
      readonly why: string;
    }
  | {
      readonly kind: 'free-port';
      /** Who is to have the port. */
      readonly owner: Owner;
      /** Who has it, and is to have another. */
      readonly interface: InterfaceName;
      readonly port: number;
      readonly why: string;
    }
  | {
      readonly kind: 'set-loopback';
      readonly owner: Owner;
      readonly link: LinkChange;
      /** True for what had the addresses before: it lets go of them last. */
      readonly isPrevious?: true;
      readonly why: string;
    }
  | { readonly kind: 'set-link'; readonly owner: Owner; readonly link: LinkChange; readonly why: string }
  | {
      readonly kind: 'sync-wireguard';
      readonly owner: Owner;
      readonly tunnel: Tunnel;
      /** `address:port` to dial, undefined where there is none or its name did not resolve. */
      readonly endpoint: string | undefined;
      readonly why: string;
    }
  | { readonly kind: 'write-file'; readonly owner: Owner; readonly file: BirdFile; readonly why: string }
  | { readonly kind: 'remove-file'; readonly owner: Owner; readonly path: string; readonly why: string }
  | {
      readonly kind: 'reload-bird';
      readonly owner: Owner;
      /** Protocols that BIRD does not run although their files are in place. */
      readonly missing: readonly DesiredProtocol[];
      readonly why: string;
    }
  | {
      readonly kind: 'enable-protocol';
      readonly owner: Owner;
      readonly protocol: string;
      readonly why: string;
    }
  | {
      readonly kind: 'disable-protocol';
      readonly owner: Owner;
      readonly protocol: string;
      readonly why: string;
    }
  | {
      readonly kind: 'remove-tunnel';
      readonly owner: Owner;
      readonly interface: string;
      /** True where a tunnel to be made needs its listen port, or an address on it is dangerous: it goes first, else last. */
      readonly first: boolean;
      readonly why: string;
    };
