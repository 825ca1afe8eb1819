import type { LinkChange } from '../../core/model/change.js';
import type {
  LinkGlance,
  ObservedLink,
  ObservedSysctls,
  ObservedWireGuard,
  Surroundings,
} from '../../core/model/observed.js';
import type { RoutingRule } from '../../core/model/routing-rule.js';
import type { InterfaceName } from '../../core/model/values/interface-name.js';
import type { NftSet, ObservedPortSet } from '../../core/model/values/port-set.js';
import type { Secret } from '../../core/model/values/secret.js';
import type { WireGuardKey } from '../../core/model/values/wireguard-key.js';
import type { Bird } from './bird.js';

/** Links and addresses (iproute2). */
export interface Links {
  /** One command, however many interfaces. */
  observe(signal?: AbortSignal): Promise<readonly ObservedLink[]>;
  /** The addresses of interfaces that are up and running, read without a command: for many times a minute. */
  glance(): LinkGlance;
  /**
   * One command for many changes. Returns the failures: interface → the program's words; also for those that did not get their turn,
   * because the commands before did not end.
   */
  apply(changes: readonly LinkChange[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

/** WireGuard interfaces (`wg`, and `wireguard-go` where the kernel has none). */
export interface WireGuard {
  /**
   * One command (`wg show all dump`) for all interfaces; one command each while one of them does not answer: that one then
   * has `unread`. Throws where nothing can be read.
   */
  observe(signal?: AbortSignal): Promise<readonly ObservedWireGuard[]>;
  /** Makes the interfaces. Those in the kernel get their port before they are set up; until then they have none. */
  create(names: readonly InterfaceName[], signal?: AbortSignal): Promise<MadeInterfaces>;
  /** Makes the interface listen on any free port. Throws with the program's words. */
  freePort(name: InterfaceName, signal?: AbortSignal): Promise<void>;
  /** Makes the interface equal to the configuration text and keeps the handshakes of unchanged peers (as `wg syncconf`). */
  syncConfig(name: InterfaceName, config: string, signal?: AbortSignal): Promise<void>;
  /** Removes the peer from the interface, with its handshake and counters. Throws with the program's words. */
  dropPeer(name: InterfaceName, publicKey: WireGuardKey, signal?: AbortSignal): Promise<void>;
}

/** The result of making WireGuard interfaces. */
export interface MadeInterfaces {
  /** Those in the kernel. */
  readonly inKernel: ReadonlySet<string>;
  /** Interface → why it was not made, in the program's words. */
  readonly failures: ReadonlyMap<string, string>;
}

/** The node's key pair in its files. */
export interface KeyPair {
  readonly privateKey: Secret;
  readonly publicKey: string;
  /** Why the public key's file does not hold the key, in words; undefined where it does. Only people need that file. */
  readonly problem?: string | undefined;
}

export interface KeyStore {
  /** The pair, or undefined without a private key file. Throws where the file holds no key. */
  read(): Promise<KeyPair | undefined>;
  /** Makes a pair (private key 0600) and returns it. Never overwrites a private key. */
  create(): Promise<KeyPair>;
}

/** Round-trip times (fping, or ping). */
export interface Pinger {
  /** All targets (`fe80::1%wg_24001` or an address) at once; a silent target has loss 1. */
  ping(targets: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, PingResult>>;
}

export interface PingResult {
  readonly rttMs: number | undefined;
  /** 0 to 1. */
  readonly loss: number;
}

/** The machine's path to the Internet. */
export interface Uplink {
  /** The host of the control plane, an address or a name. */
  readonly controlPlaneHost: string;
  /** The host of the proxy to the control plane; undefined: none. */
  readonly proxyHost?: string | undefined;
  /** Reads resolv.conf(5) and the kernel's default routes; starts no process and sends nothing. Never throws. */
  observe(): Promise<Pick<Surroundings, 'resolvers' | 'gateways'>>;
}

/** DNS names: of endpoints, of the control plane, of RPKI caches. */
export interface Resolver {
  /** The addresses of each name; a name that does not resolve in time is absent. Never throws. */
  resolve(names: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The names whose last look-up failed or took too long; they may have old addresses. */
  unresolved(names: readonly string[]): readonly string[];
}

/** The machine's UDP ports (/proc/net). */
export interface UdpPorts {
  /** The program on each of the ports, in words: `dnsmasq (pid 412)`. A free port is absent. Never throws. */
  holders(ports: readonly number[]): Promise<ReadonlyMap<number, string>>;
}

/** The kernel's settings for forwarding (/proc/sys/net). */
export interface Sysctls {
  /** Those of the whole machine, and of these interfaces. Changes nothing. Never throws: leaves out what it cannot read. */
  observe(interfaces: readonly string[]): Promise<ObservedSysctls>;
}

/** Small named documents that outlive the process (`stateDir`), written atomically, 0600. */
export interface StateStore {
  /** The stored document, or undefined without a usable one. Throws where the disk does not answer. */
  read(name: string): Promise<unknown>;
  write(name: string, document: unknown): Promise<void>;
  /** Why the last write of some document failed, in words; undefined where none did. */
  readonly problem: string | undefined;
}

export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Milliseconds of a monotonic clock: it never goes back and never jumps. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The kernel's routing tables. */
export interface KernelRoutes {
  /** All routes as one text: two texts differ where the routes do. Empty where the kernel does not answer. Never throws. */
  snapshot(): Promise<string>;
}

/** Which packets look into which routing table (iproute2). Only rules with the agent's mark are seen and changed. */
export interface RoutingRules {
  observe(signal?: AbortSignal): Promise<readonly RoutingRule[]>;
  /** Throws with the program's own words. One that is there already is no failure. */
  add(rules: readonly RoutingRule[], signal?: AbortSignal): Promise<void>;
  /** Throws with the program's own words. One that is gone already is no failure. */
  remove(rules: readonly RoutingRule[], signal?: AbortSignal): Promise<void>;
}

/** Sets of ports in the operator's ruleset (nftables). The agent changes their elements and nothing else. */
export interface PortSets {
  /** Throws only the signal's reason. */
  observe(set: NftSet, signal?: AbortSignal): Promise<ObservedPortSet>;
  /** Both in one transaction; what is added gets the agent's mark. Throws with the program's own words. */
  change(
    set: NftSet,
    ports: { readonly add: readonly number[]; readonly remove: readonly number[] },
    signal?: AbortSignal,
  ): Promise<void>;
}

/** The machine, as the reconciler sees it. */
export interface Host {
  readonly links: Links;
  readonly wireguard: WireGuard;
  readonly keys: KeyStore;
  readonly bird: Bird;
  readonly kernelRoutes: KernelRoutes;
  readonly rules: RoutingRules;
  readonly portSets: PortSets;
  readonly resolver: Resolver;
  readonly uplink: Uplink;
  readonly udpPorts: UdpPorts;
  readonly sysctls: Sysctls;
  readonly clock: Clock;
}
