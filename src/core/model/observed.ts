import type { SourcePiece } from '../bird-syntax/tokens.js';
import type { InterfaceAddress } from './artifacts.js';
import { listSome } from './list-some.js';
import type { RoutingRule } from './routing-rule.js';
import type { Roas } from './saved-roas.js';
import type { Family } from './values/family.js';
import { findBy } from './values/find-by.js';
import type { IpAddress } from './values/ip.js';
import type { ObservedPortSet } from './values/port-set.js';
import type { Secret } from './values/secret.js';

/** An address as `ip -j addr` shows it. */
export interface ObservedAddress extends InterfaceAddress {
  /** True where the kernel will remove it by itself. */
  readonly expires?: boolean;
  /** True where others should not use it: a temporary address (RFC 8981), a deprecated or a tentative one. */
  readonly isPassing?: boolean;
}

export interface ObservedLink {
  readonly name: string;
  readonly alias: string | undefined;
  /** `wireguard`, `tun`, `dummy`, `veth`, ...; undefined where the kernel names none (a physical device, `lo`). */
  readonly kind: string | undefined;
  readonly mtu: number;
  /** Administratively up (the flag UP). */
  readonly up: boolean;
  readonly addresses: readonly ObservedAddress[];
}

export interface ObservedWireGuardPeer {
  readonly publicKey: string;
  readonly presharedKey: Secret | undefined;
  /** `address:port`, IPv6 in brackets; undefined where none is known yet. */
  readonly endpoint: string | undefined;
  readonly allowedIps: readonly string[];
  /** Unix seconds; 0 where there was none. */
  readonly latestHandshakeSeconds: number;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly persistentKeepaliveSeconds: number;
}

export interface ObservedWireGuard {
  readonly interface: string;
  readonly privateKey: Secret | undefined;
  readonly publicKey: string | undefined;
  readonly listenPort: number;
  readonly peers: readonly ObservedWireGuardPeer[];
  /** Set where it could not be read. Everything but the name is then what was read last, or nothing. */
  readonly unread?: Unread;
}

/** Why a WireGuard interface could not be read. */
export interface Unread {
  /** The error of the program that failed: `wg: did not finish within 3 s`. */
  readonly reason: string;
  /** The process that serves a userspace interface; undefined where there is none, or it is unknown. */
  readonly server: { readonly name: string; readonly pid: number; readonly isStopped: boolean } | undefined;
}

/** A limit on the routes of a channel. */
export interface BirdLimit {
  /** `receive` counts what the neighbor sends, `import` what the filter accepts of it, `export` what we send. */
  readonly kind: 'receive' | 'import' | 'export';
  readonly max: number;
  /** BIRD's word for what it does with more: `block`, `warn`, `restart`, `disable`. */
  readonly action: string;
  readonly isHit: boolean;
}

export interface BirdChannel {
  /** `ipv4`, `ipv6`. */
  readonly name: string;
  /** `UP`, `DOWN`, ... */
  readonly state: string;
  /** Absent while the channel is down. */
  readonly routes:
    | {
        readonly imported: number;
        readonly filtered: number;
        readonly exported: number;
        readonly preferred: number;
      }
    | undefined;
  /** Absent where it has none. */
  readonly limits?: readonly BirdLimit[];
}

/** What one end of a BGP session offers (RFC 5492), as far as the agent configures it. */
export interface BgpCapabilities {
  readonly families: readonly Family[];
  /** The families whose routes may have an IPv6 next hop (RFC 8950). */
  readonly extendedNextHop: readonly Family[];
  readonly gracefulRestart: boolean;
}

export interface BirdProtocol {
  readonly name: string;
  /** `BGP`, `Babel`, `Kernel`, `RPKI`, ... */
  readonly proto: string;
  /** `up`, `start`, `down`, `stop`, `flush`. */
  readonly state: string;
  readonly since: string;
  /** The rest of the row, such as `Established` or `Active        Socket: Connection refused`. */
  readonly info: string;
  /** True where `birdc disable` or a limit's `disable` action disabled it. */
  readonly disabled: boolean;
  /** The operator's message with `birdc disable` or `restart`; absent where there was none. */
  readonly message?: string | undefined;
  readonly bgp:
    | {
        readonly state: string;
        readonly neighborAddress: string | undefined;
        readonly neighborAs: number | undefined;
        readonly lastError: string | undefined;
        /** What both ends offered each other; absent while the session is not Established. */
        readonly capabilities?:
          | { readonly own: BgpCapabilities; readonly neighbor: BgpCapabilities }
          | undefined;
      }
    | undefined;
  readonly channels: readonly BirdChannel[];
}

/** BIRD as its control socket shows it, or why it does not answer. */
export type ObservedBird =
  | {
      readonly running: true;
      readonly version: string;
      readonly routerId?: string | undefined;
      /** Seconds until BIRD undoes a configuration that is on trial (`configure timeout`); absent where none is. */
      readonly undoSeconds?: number | undefined;
      /** True while BIRD waits for its neighbors after a graceful restart: until then it changes no route of the kernel's. Else absent. */
      readonly recovering?: boolean;
      readonly protocols: readonly BirdProtocol[];
      /** The neighbors that Babel can use; absent where the agent's Babel does not run. */
      readonly babelNeighbors?: number | undefined;
    }
  | SilentBird;

export interface SilentBird {
  readonly running: false;
  readonly reason: string;
}

/** The configuration of an operator's `bird.conf` with the files that it includes, in order; or why it could not be read. */
export type OperatorConfig = { readonly pieces: readonly SourcePiece[] } | { readonly problem: string };

/** The addresses that the machine itself depends on. Nothing from a peer or the control plane may divert them. */
export interface Surroundings {
  /** Of the host in `bootstrap.apiUrl`. */
  readonly controlPlane: readonly IpAddress[];
  /** Of the proxy to the control plane. */
  readonly proxy?: readonly IpAddress[];
  /** The name servers in resolv.conf(5). */
  readonly resolvers: readonly IpAddress[];
  /** Of the policy's RPKI caches, by address or by name. */
  readonly rtrCaches: readonly IpAddress[];
  /** The default routes' gateways, each with the interface that leads to it. */
  readonly gateways?: readonly { readonly address: IpAddress; readonly interface: string }[];
}

/** What the kernel's settings say of forwarding. */
export interface ObservedSysctls {
  /** Whether the kernel forwards packets; undefined where it lacks the address family. */
  readonly forwarding: { readonly ipv4: boolean | undefined; readonly ipv6: boolean | undefined };
  /** `net.ipv4.conf.*.rp_filter` of `all`, `default` and each interface (0 off, 1 strict, 2 loose). The kernel uses the larger of `all` and the interface's. */
  readonly rpFilter: ReadonlyMap<string, number>;
  /** Where `net.ipv6.conf.*.disable_ipv6` is on: of `all`, `default` and the interfaces. */
  readonly ipv6Disabled: ReadonlySet<string>;
  /** `net.ipv6.conf.*.mtu` of each interface: the kernel sets it whenever an interface's MTU changes. */
  readonly ipv6Mtu?: ReadonlyMap<string, number>;
}

/** What one pass reads from the system. */
export interface Observed {
  /** Unix seconds when it was read. */
  readonly nowSeconds: number;
  readonly links: readonly ObservedLink[];
  readonly wireguard: readonly ObservedWireGuard[];
  readonly bird: ObservedBird;
  /** The files in `bird.configDir` under names that the agent uses: path → text. */
  readonly birdFiles: ReadonlyMap<string, string>;
  /** The operator's own files in `local/`: path → text, every byte one character. Absent where nobody has looked. */
  readonly localFiles?: ReadonlyMap<string, string> | undefined;
  /** The routing rules with the agent's mark; absent where nobody has looked. */
  readonly rules?: readonly RoutingRule[] | undefined;
  /** The sets of ports that the agent keeps, or kept; absent where there is none. */
  readonly portSets?: readonly ObservedPortSet[] | undefined;
  /** Why the files could not be read; `birdFiles` is empty then. Undefined where they could. */
  readonly birdFilesProblem?: string | undefined;
  /** Present until the agent's own main file is in place. */
  readonly operatorConfig?: OperatorConfig | undefined;
  /** A hash of what BIRD reads besides the agent's files, and of the BIRD process. Absent where nothing depends on it. */
  readonly besides?: string | undefined;
  /** The ROAs of the RPKI caches; absent where they were not read, which is so for most looks. */
  readonly roas?: Roas | undefined;
  /** Addresses of the host names of endpoints and surroundings; a name that did not resolve is absent. */
  readonly resolved: ReadonlyMap<string, readonly string[]>;
  /** Host names of endpoints that did not resolve when they were last looked up, in order; they may have old addresses. */
  readonly unresolved: readonly string[];
  /** Host names of RPKI caches that did not resolve when they were last looked up, in order; they may have old addresses. */
  readonly unresolvedCaches?: readonly string[];
  /** UDP ports that tunnels need and programs other than WireGuard use: `dnsmasq (pid 412)`. */
  readonly udpHolders?: ReadonlyMap<number, string>;
  /** Absent where they were not read. */
  readonly surroundings?: Surroundings | undefined;
  /** Absent where they were not read. */
  readonly sysctls?: ObservedSysctls | undefined;
}

/** False for an address on trial, which the kernel removes by itself unless the agent confirms it. */
export function isLasting({ expires }: ObservedAddress): boolean {
  return !expires;
}

/** BIRD as one short command shows it, or why it does not answer. */
export type BirdGlance =
  | {
      readonly running: true;
      readonly protocols: readonly Pick<BirdProtocol, 'name' | 'proto' | 'state' | 'info'>[];
    }
  | SilentBird;

/** The addresses, in canonical text, of the interfaces that are up and running, by name. */
export type LinkGlance = ReadonlyMap<string, readonly string[]>;

/** True for a BGP protocol that is Established (RFC 4271, section 8.2.2). */
export function isEstablished({ bgp }: Pick<BirdProtocol, 'bgp'>): boolean {
  return bgp?.state === 'Established';
}

/** The names of the BGP protocols that are Established; none where BIRD does not answer. */
export function establishedNames(bird: ObservedBird): string[] {
  return bird.running ? bird.protocols.filter(isEstablished).map(({ name }) => name) : [];
}

/** What the agent does about endpoint names that do not resolve, for people; undefined where all do. */
export function describeUnresolved(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const verb = names.length === 1 ? 'does' : 'do';
  return `DNS: ${listSome(names, 5)} ${verb} not resolve; existing tunnels keep their endpoint, and the agent asks again at each pass`;
}

export const linkNamed = findBy<ObservedLink>(({ name }) => name);
export const wireguardNamed = findBy<ObservedWireGuard>((device) => device.interface);
export const protocolNamed = findBy<BirdProtocol>(({ name }) => name);
