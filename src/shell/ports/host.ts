import type { BirdFile } from '../../core/model/artifacts.js';
import type { LinkChange } from '../../core/model/change.js';
import type { BirdConfig, BootstrapConfig, Mesh, Snapshot } from '../../core/model/control-plane.js';
import type {
  ObservedBird,
  ObservedLink,
  ObservedSysctls,
  ObservedWireGuard,
  OperatorConfig,
  Surroundings,
} from '../../core/model/observed.js';
import type { SessionEntry } from '../../core/model/session.js';
import type { SessionReport } from '../../core/model/session-report.js';
import type { InterfaceName } from '../../core/model/values/interface-name.js';
import type { IpAddress } from '../../core/model/values/ip.js';
import type { Secret } from '../../core/model/values/secret.js';
import type { SessionId } from '../../core/model/values/session-id.js';
import type { BirdGlance, LinkGlance } from '../../core/verdict/glance.js';

export type { LinkChange, SessionReport };

/** What `report` says of one session. Counters are totals of the tunnel as the kernel counts them. */
export interface SessionMetrics {
  readonly uuid: SessionId;
  readonly asn: number;
  readonly interface: string;
  /** The BIRD protocols of the session, one or (without MP-BGP) two, and the state of the worse one. */
  readonly protocols: readonly string[];
  readonly bgpState: string | undefined;
  readonly bgpInfo: string | undefined;
  /** Those of `protocols` that BIRD runs, each in BIRD's own words: `up`, `Established`. */
  readonly protocolStates: readonly {
    readonly name: string;
    readonly state: string;
    readonly info: string;
  }[];
  /** What is pinged; undefined where nothing is. */
  readonly pingTarget: string | undefined;
  /** Milliseconds over the tunnel; undefined where no answer came. */
  readonly rttMs: number | undefined;
  /** Lost probes, 0 to 1. */
  readonly loss: number | undefined;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly routesImported: number;
  readonly routesExported: number;
  /** Unix seconds; 0 where there was none. */
  readonly latestHandshakeSeconds: number;
}

/** What the machine's network has done and does: bytes of all interfaces but `lo` since boot, sockets in use. */
export interface NetworkTotals {
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly tcpSockets: number;
  readonly udpSockets: number;
}

export interface Heartbeat {
  readonly version: string;
  /** Seconds the agent process has run. */
  readonly uptimeSeconds: number;
  readonly meshPublicKey: string | undefined;
  readonly birdVersion: string | undefined;
  readonly kernel: string;
  readonly loadAverage: readonly [number, number, number];
  /** Undefined where it cannot be read. */
  readonly network: NetworkTotals | undefined;
  /** As the node's own interfaces show them. */
  readonly publicIpv4?: string | undefined;
  readonly publicIpv6?: string | undefined;
  /** Running sessions that the list leaves out, which is not believed yet. */
  readonly withheldSessions: number;
  /** What is wrong with the node itself, apart from its sessions, a sentence each. */
  readonly problems: readonly string[];
}

/** The round-trip time to another node of the operator's, by its loopback address. */
export interface NodeRtt {
  readonly target: string;
  readonly rttMs: number;
  /** Lost probes, 0 to 1. */
  readonly loss: number;
}

/** State of one mesh peer: `configured`, or why not. */
export interface MeshPeerStatus {
  readonly nodeId: number;
  readonly error: string | undefined;
}

/** The control plane, whatever dialect it speaks. Every call throws `ControlPlaneError` when it does not succeed. */
export interface ControlPlane {
  fetchConfig(signal?: AbortSignal): Promise<BootstrapConfig>;
  fetchSessions(signal?: AbortSignal): Promise<readonly SessionEntry[]>;
  fetchBirdConfig(signal?: AbortSignal): Promise<BirdConfig>;
  fetchMesh(signal?: AbortSignal): Promise<Mesh>;
  /**
   * Resolves to true where the answer says that the row was changed, to undefined where it does not say. An answer that it
   * was not changed is a failure of kind `rejected`; a row that is gone, one of kind `unknown-node`.
   */
  postModify(report: SessionReport, signal?: AbortSignal): Promise<true | undefined>;
  /** `modify` without a status. Resolves to false, with nothing posted, where the control plane's dialect has no such call. */
  postObservedEndpoint(uuid: SessionId, address: IpAddress, signal?: AbortSignal): Promise<boolean>;
  postHeartbeat(heartbeat: Heartbeat, signal?: AbortSignal): Promise<void>;
  postReport(sessions: readonly SessionMetrics[], signal?: AbortSignal): Promise<void>;
  /** Nothing is posted where the control plane's dialect has no such call. */
  postNodeRtts(rtts: readonly NodeRtt[], signal?: AbortSignal): Promise<void>;
  postMeshStatus(peers: readonly MeshPeerStatus[], signal?: AbortSignal): Promise<void>;
  /** The last good answers, as they were kept on disk. */
  recall(): Promise<Snapshot>;
  /** `GET /health`, without the token. */
  checkHealth(signal?: AbortSignal): Promise<void>;
  /** The next calls are made, also where the control plane has asked to be left in peace for a while. */
  endPause(): void;
  close(): Promise<void>;
}

/** Links and addresses (iproute2). */
export interface Links {
  /** One command, however many interfaces. */
  observe(signal?: AbortSignal): Promise<readonly ObservedLink[]>;
  /** What can be had without a command, many times a minute: the addresses of interfaces that are up and running. */
  glance(): LinkGlance;
  /** One command for all changes. Returns what failed: interface → the program's own words. */
  apply(changes: readonly LinkChange[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

/** WireGuard interfaces (`wg`, and `wireguard-go` where the kernel has none). */
export interface WireGuard {
  /**
   * One command (`wg show all dump`), however many interfaces; one each while one of them does not answer, which has `unread`
   * then. Throws where nothing can be read.
   */
  observe(signal?: AbortSignal): Promise<readonly ObservedWireGuard[]>;
  /** Makes the interfaces. Those of the kernel are to get their port before they are set up: until then they have none. */
  create(names: readonly InterfaceName[], signal?: AbortSignal): Promise<MadeInterfaces>;
  /** Makes the interface listen on any other port that is free. Throws with the program's own words. */
  freePort(name: InterfaceName, signal?: AbortSignal): Promise<void>;
  /** Makes the interface equal to the configuration text, keeping handshakes of unchanged peers (`wg syncconf`). */
  syncConfig(name: InterfaceName, config: string, signal?: AbortSignal): Promise<void>;
}

/** What became of WireGuard interfaces that were to be made. */
export interface MadeInterfaces {
  /** Those that the kernel serves itself. */
  readonly inKernel: ReadonlySet<string>;
  /** Interface → why it was not made, in the program's own words. */
  readonly failures: ReadonlyMap<string, string>;
}

/** The node's key pair in its files. */
export interface KeyPair {
  readonly privateKey: Secret;
  readonly publicKey: string;
  /** Why the public key's file does not hold the key, in words; undefined where it does. Nothing but people needs that file. */
  readonly problem?: string | undefined;
}

export interface KeyStore {
  /** The pair, or undefined where there is no private key file yet. Throws where there is one that is none. */
  read(): Promise<KeyPair | undefined>;
  /** Makes a pair (private key 0600) and returns it. Never overwrites a private key. */
  create(): Promise<KeyPair>;
}

/** What became of a set of files handed to BIRD. */
export type BirdCommit =
  | { readonly kind: 'loaded' }
  /** BIRD is not running; it will read the files, which `bird -p` found good, when it starts. */
  | { readonly kind: 'written-not-loaded'; readonly reason: string }
  /** An operator has a configuration on trial in BIRD. Nothing was changed. */
  | { readonly kind: 'on-trial'; readonly reason: string }
  /** The operator's `bird.conf` does not include the files. They are in place; BIRD reads them when it does. */
  | { readonly kind: 'not-included'; readonly reason: string }
  /** BIRD refuses the candidate; nothing was changed. `file` is relative to the configuration directory. */
  | {
      readonly kind: 'rejected';
      readonly message: string;
      readonly file: string | undefined;
      /** True where BIRD had taken it, and it was undone because of what it led to. */
      readonly undone?: boolean;
    };

/** Looks after a new configuration was loaded; resolves to what is wrong with what it led to, or undefined. */
export type HealthGate = () => Promise<string | undefined>;

/** The BIRD routing daemon and its configuration directory. */
export interface Bird {
  /** Status and all protocols over one connection to the control socket; no process is spawned. */
  observe(signal?: AbortSignal): Promise<ObservedBird>;
  /** The states of all protocols, by one short command: for many times a minute. */
  glance(signal?: AbortSignal): Promise<BirdGlance>;
  /** The files under names the agent uses (main file, policy, peers/*.conf, ibgp.d/*.conf): path → text. */
  readFiles(): Promise<ReadonlyMap<string, string>>;
  /** What BIRD is configured with as long as the agent's main file is not in its place; undefined where it is. */
  readOperatorConfig(): Promise<OperatorConfig | undefined>;
  /** A short text that differs where what BIRD reads besides the agent's own files does, and from one BIRD to the next. */
  readBesides(): Promise<string>;
  /** Lets BIRD check the candidate and changes nothing; undefined where it is good. */
  check(
    write: readonly BirdFile[],
    remove: readonly string[],
    signal?: AbortSignal,
  ): Promise<Extract<BirdCommit, { kind: 'rejected' }> | undefined>;
  /**
   * Stages the candidate, lets BIRD check it, swaps it in and reloads once.
   * `write` and `remove` together are the whole change; everything else in the directory stays. With a gate, BIRD and
   * the files go back to what they were unless the gate finds nothing wrong. A load switches no protocol on that was disabled
   * by hand, but for those of `returning`.
   */
  commit(
    write: readonly BirdFile[],
    remove: readonly string[],
    signal?: AbortSignal,
    gate?: HealthGate,
    returning?: readonly string[],
  ): Promise<BirdCommit>;
  /**
   * Takes back a change that a killed agent left unconfirmed, and clears away what it left of one not begun. Returns the
   * paths that were put back. Only for where no other change is being made. Where paths were put back, no change is made
   * and each call does the same again until `endRecovery`: so an agent that is killed meanwhile forgets nothing.
   */
  recover(signal?: AbortSignal): Promise<readonly string[]>;
  /** What was put back has been noted. */
  endRecovery(): Promise<void>;
  /** `enable NAME`: switches a protocol on that was disabled by hand. */
  enable(protocol: string, signal?: AbortSignal): Promise<void>;
  /** `disable NAME`: switches a protocol off. */
  disable(protocol: string, signal?: AbortSignal): Promise<void>;
}

/** Round-trip times (fping). */
export interface Pinger {
  /** One command for all targets (`fe80::1%wg_24001` or an address); a target that did not answer has loss 1. */
  ping(targets: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, PingResult>>;
}

export interface PingResult {
  readonly rttMs: number | undefined;
  /** 0 to 1. */
  readonly loss: number;
}

/** The machine's way to the rest of the world. */
export interface Uplink {
  /** The host of the control plane, an address or a name. */
  readonly controlPlaneHost: string;
  /** The host of the proxy that the control plane is asked through; undefined: none. */
  readonly proxyHost?: string | undefined;
  /** Reads resolv.conf(5) and the kernel's default routes; starts no process and asks nobody. Never throws. */
  observe(): Promise<Pick<Surroundings, 'resolvers' | 'gateways'>>;
}

/** DNS names: of endpoints, of the control plane, of RPKI caches. */
export interface Resolver {
  /** Addresses of each name; a name that does not resolve in time is absent. Never throws. */
  resolve(names: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Which of the names did not resolve when they were last looked up, or not in time; they may have old addresses. */
  unresolved(names: readonly string[]): readonly string[];
}

/** The machine's UDP ports (/proc/net). */
export interface UdpPorts {
  /** Who listens on which of the ports, in words: `dnsmasq (pid 412)`. A port that nobody listens on is absent. Never throws. */
  holders(ports: readonly number[]): Promise<ReadonlyMap<number, string>>;
}

/** The kernel's settings for forwarding (/proc/sys/net). */
export interface Sysctls {
  /** Those of the whole machine, and of these interfaces. Changes nothing. Never throws: what cannot be read is left out. */
  observe(interfaces: readonly string[]): Promise<ObservedSysctls>;
}

/** Small named documents that outlive the process (`stateDir`), written atomically, 0600. */
export interface StateStore {
  /** The document as it was written, or undefined where there is none that can be used. Throws where the disk does not answer. */
  read(name: string): Promise<unknown>;
  write(name: string, document: unknown): Promise<void>;
  /** Why a document could not be written when it was last tried, for people; undefined where all were. */
  readonly problem: string | undefined;
}

export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Milliseconds since some moment; never goes back and never jumps, whatever is done to the clock. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The kernel's routing tables. */
export interface KernelRoutes {
  /** All routes as one text: two texts differ where the routes do. Empty where the kernel does not tell. Never throws. */
  snapshot(): Promise<string>;
}

/** The machine, as the reconciler sees it. */
export interface Host {
  readonly links: Links;
  readonly wireguard: WireGuard;
  readonly keys: KeyStore;
  readonly bird: Bird;
  readonly kernelRoutes: KernelRoutes;
  readonly resolver: Resolver;
  readonly uplink: Uplink;
  readonly udpPorts: UdpPorts;
  readonly sysctls: Sysctls;
  readonly clock: Clock;
}

/** Where the agent says what it does. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** Logs what is wrong with `subject` once, when it begins or changes, and once when it is over (`undefined`). */
export type LogOnChange = (subject: string, problem: string | undefined) => void;
