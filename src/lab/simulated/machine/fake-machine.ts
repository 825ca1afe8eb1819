import type {
  BirdProtocol,
  ObservedLink,
  ObservedSysctls,
  ObservedWireGuard,
} from '../../../core/model/observed.js';
import type { RoutingRule } from '../../../core/model/routing-rule.js';
import type { IpAddress } from '../../../core/model/values/ip.js';
import type { PortElement } from '../../../core/model/values/port-set.js';
import type { Host } from '../../../shell/ports/host.js';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A machine that holds state: changes are interpreted, so that tests compare what is there and not what was called. */
export interface FakeHost extends Host {
  /** The elements of the set of ports; undefined: there is no set. */
  portTable: readonly PortElement[] | undefined;
  /** Routing rules with the agent's mark. */
  ruleTable: RoutingRule[];
  readonly linkTable: Map<string, Mutable<ObservedLink>>;
  readonly wireguardTable: Map<string, Mutable<ObservedWireGuard>>;
  readonly files: Map<string, string>;
  readonly protocols: Map<string, Mutable<BirdProtocol>>;
  readonly names: Map<string, readonly string[]>;
  /** The name servers that the machine asks. */
  readonly resolvers: IpAddress[];
  /** Interfaces without IPv6; `default`: those yet to be made. */
  readonly ipv6Off: string[];
  /** UDP port → the program that listens on it. */
  readonly udpListeners: Map<number, string>;
  /** The kernel's settings for forwarding. */
  sysctlTable: ObservedSysctls;
  /** How often each thing was asked of the machine. */
  readonly counts: Map<string, number>;
  birdRunning: boolean;
  birdReloads: number;
  hasDummy: boolean;
  /** True where its WireGuard interfaces are the kernel's. */
  hasKernelWireGuard: boolean;
  hasKey: boolean;
  /** Of its key pair. */
  publicKey: string;
  /** Files whose text contains this are refused by BIRD. */
  birdRefuses: string | undefined;
  /** What BIRD reads besides the agent's files. */
  besides: string;
  /** Thrown by the next call of that name. */
  readonly breaks: Map<string, Error>;
  /** Seconds until BIRD undoes what an operator has on trial. */
  undoSeconds: number | undefined;
  /** The files as BIRD has read them last. */
  readonly loaded: Map<string, string>;
  /** True where a candidate lies beside BIRD's files. */
  staged: boolean;
  /** A change of files that is neither confirmed nor taken back: which, and how all were before. */
  begun: { readonly paths: readonly string[]; readonly before: ReadonlyMap<string, string> } | undefined;
  /** What BIRD goes back to by itself, as long as what it has loaded is not confirmed. */
  unconfirmed: ReadonlyMap<string, string> | undefined;
  /** Called before each thing that changes, such as one line of a batch or one file; what it throws ends the call. */
  beforeEffect: (what: string) => void;
  /** Called with each protocol that BIRD starts, and the text between its braces; without more to it, it is up at once. */
  begins: (protocol: Mutable<BirdProtocol>, text: string) => void;
  /** BIRD's undo timer runs out. */
  undo(): void;
  /** The addresses on trial reach the end of their time. */
  expire(): void;
  nowMs: number;
  /** By how much the clock was stepped; time itself goes on. */
  stepMs: number;
}
