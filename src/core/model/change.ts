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
  /** Disable the kernel's automatic link-local address (TUN devices make one). */
  readonly noAutomaticLinkLocal?: true;
  readonly addAddresses?: readonly InterfaceAddress[];
  /** The kernel removes the added addresses by itself after this many seconds; absent: they stay. */
  readonly lifetimeSeconds?: number;
  readonly removeAddresses?: readonly InterfaceAddress[];
  /** Delete the interface and everything on it. */
  readonly remove?: true;
}

/** One step from what is observed to what is desired, as plain data, with the reason in `why`. */
export type Change =
  | { readonly kind: 'create-key-pair'; readonly owner: Owner; readonly why: string }
  | {
      readonly kind: 'create-tunnel';
      readonly owner: Owner;
      readonly interface: InterfaceName;
      /** True where the agent must first delete another interface of that name. */
      readonly replace: boolean;
      readonly why: string;
    }
  | {
      readonly kind: 'free-port';
      /** The owner of the tunnel that needs the port. */
      readonly owner: Owner;
      /** The tunnel that has the port, and needs another. */
      readonly interface: InterfaceName;
      readonly port: number;
      readonly why: string;
    }
  | {
      readonly kind: 'set-loopback';
      readonly owner: Owner;
      readonly link: LinkChange;
      /** True for the interface that had the addresses before: it loses them last. */
      readonly isPrevious?: true;
      readonly why: string;
    }
  | { readonly kind: 'set-link'; readonly owner: Owner; readonly link: LinkChange; readonly why: string }
  | {
      readonly kind: 'sync-wireguard';
      readonly owner: Owner;
      readonly tunnel: Tunnel;
      /** `address:port` to dial; undefined where there is none or its name did not resolve. */
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
      /** True where a new tunnel needs its listen port, or it has a dangerous address: it goes first, else last. */
      readonly first: boolean;
      readonly why: string;
    };
