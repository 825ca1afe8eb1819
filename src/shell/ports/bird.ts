import type { CommunityQuestion } from '../../core/lookups/community-counts.js';
import type { BirdFile } from '../../core/model/artifacts.js';
import type { BirdGlance, ObservedBird, OperatorConfig } from '../../core/model/observed.js';
import type { IpAddress, Prefix } from '../../core/model/values/ip.js';

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

/** How a change is loaded. */
export interface LoadWishes {
  readonly gate?: HealthGate;
  /** Protocols that may come back although they were disabled by hand. */
  readonly returning?: readonly string[];
}

/** Look-ups in BIRD's main tables, over a session that can change nothing. Each throws where BIRD does not answer. */
export interface RouteTables {
  /** BIRD's own lines on the routes that an address or prefix has; empty where there is none. */
  routes(to: IpAddress | Prefix, signal?: AbortSignal): Promise<readonly string[]>;
  /** How many routes there are, and how many of them have each of the communities, in the order of the questions. */
  count(
    questions: readonly CommunityQuestion[],
    signal?: AbortSignal,
  ): Promise<{ readonly total: number; readonly counts: readonly number[] }>;
}

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
    load?: LoadWishes,
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
  /** `restart NAME`: a protocol goes down and comes up anew. Throws also where it is disabled. */
  restart(protocol: string, signal?: AbortSignal): Promise<void>;
  readonly tables: RouteTables;
}
