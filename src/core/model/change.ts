import type { BirdFile, DesiredProtocol, InterfaceAddress, Tunnel } from './artifacts.js';
import type { Owner } from './owner.js';
import type { RoutingRule } from './routing-rule.js';
import type { InterfaceName } from './values/interface-name.js';
import type { NftSet } from './values/port-set.js';

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

/** One step from what is observed to what is desired, as plain data. */
export type Change = { readonly owner: Owner; readonly why: string } & (
  | { readonly kind: 'create-key-pair' }
  | {
      readonly kind: 'create-tunnel';
      readonly interface: InterfaceName;
      /** True where the agent must first delete another interface of that name. */
      readonly replace: boolean;
    }
  /** The owner is to have the port, and the interface another. */
  | { readonly kind: 'free-port'; readonly interface: InterfaceName; readonly port: number }
  | {
      readonly kind: 'set-loopback';
      readonly link: LinkChange;
      /** True for the interface that had the addresses before: it loses them last. */
      readonly isPrevious?: true;
    }
  | { readonly kind: 'set-link'; readonly link: LinkChange }
  | {
      readonly kind: 'sync-wireguard';
      readonly tunnel: Tunnel;
      /** `address:port` to dial; undefined where there is none or its name did not resolve. */
      readonly endpoint: string | undefined;
    }
  | { readonly kind: 'write-file'; readonly file: BirdFile }
  | { readonly kind: 'remove-file'; readonly path: string }
  /** `missing`: protocols that BIRD does not run although their files are in place. */
  | { readonly kind: 'reload-bird'; readonly missing: readonly DesiredProtocol[] }
  | { readonly kind: 'enable-protocol'; readonly protocol: string }
  | { readonly kind: 'disable-protocol'; readonly protocol: string }
  | {
      /** `resend-routes`: BIRD exports its routes to the neighbor again, which resets nothing. */
      readonly kind: 'restart-protocol' | 'resend-routes';
      readonly protocol: string;
    }
  /** The elements of an operator's set of ports. */
  | {
      readonly kind: 'set-ports';
      readonly set: NftSet;
      readonly add: readonly number[];
      readonly remove: readonly number[];
    }
  | { readonly kind: 'add-rules'; readonly rules: readonly RoutingRule[] }
  | { readonly kind: 'remove-rules'; readonly rules: readonly RoutingRule[] }
  | {
      readonly kind: 'remove-tunnel';
      readonly interface: string;
      /** True where a new tunnel needs its listen port, or it has a dangerous address: it goes first, else last. */
      readonly first: boolean;
    }
);
