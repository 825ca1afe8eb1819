import type { RouteAnswers } from '../../core/explain/route/explain-route.js';
import type { CommunityQuestion } from '../../core/lookups/community-counts.js';
import type { BirdFile } from '../../core/model/artifacts.js';
import type { BirdGlance, ObservedBird, OperatorConfig } from '../../core/model/observed.js';
import type { Roas } from '../../core/model/saved-roas.js';
import type { IpAddress, Prefix } from '../../core/model/values/ip.js';

/** The result of giving BIRD a set of files. */
export type BirdCommit =
  | { readonly kind: 'loaded' }
  /** BIRD is not running; it reads the files, which `bird -p` accepted, when it starts. */
  | { readonly kind: 'written-not-loaded'; readonly reason: string }
  /** An operator has a configuration on trial in BIRD. The agent changed nothing. */
  | { readonly kind: 'on-trial'; readonly reason: string }
  /** The files are in place, but the operator's `bird.conf` does not include them, so BIRD does not read them. */
  | { readonly kind: 'not-included'; readonly reason: string }
  /** BIRD refuses the candidate; the agent changed nothing. `file` is relative to the configuration directory. */
  | {
      readonly kind: 'rejected';
      readonly message: string;
      readonly file: string | undefined;
      /** True where BIRD had accepted it, and the agent undid it because of its effect. */
      readonly undone?: boolean;
    };

/** What became of a restart of the daemon. */
export type BirdRestarted =
  | { readonly kind: 'restarted' }
  /** Nothing was stopped or changed. */
  | { readonly kind: 'not-begun'; readonly reason: string };

/** The look after a load of a new configuration; resolves to what is wrong, or undefined. */
export type HealthGate = () => Promise<string | undefined>;

/** How a change is loaded. */
export interface LoadWishes {
  readonly gate?: HealthGate;
  /** Protocols that may come back although they were disabled by hand. */
  readonly returning?: readonly string[];
}

/** Queries of BIRD's main tables, over a session that can change nothing. Each throws where BIRD does not answer. */
export interface RouteTables {
  /** BIRD's lines on the routes to an address or prefix; empty where there is none. */
  routes(to: IpAddress | Prefix, signal?: AbortSignal): Promise<readonly string[]>;
  /** The number of routes, and the number that have each of the communities, in the order of the questions. */
  count(
    questions: readonly CommunityQuestion[],
    signal?: AbortSignal,
  ): Promise<{ readonly total: number; readonly counts: readonly number[] }>;
  /** BIRD's lines on one protocol (`show protocols all NAME`); empty where it has none of that name. */
  protocol(name: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** All on the routes to an address or prefix: used, refused, and exported to which of `protocols`. */
  explain(to: IpAddress | Prefix, protocols: readonly string[], signal?: AbortSignal): Promise<RouteAnswers>;
  /** The routes of a protocol that its import filter refused, by the reason in the large community (asn, 9002, reason). */
  refused(protocol: string, asn: number, signal?: AbortSignal): Promise<readonly RefusedRoutes[]>;
  /** How many routes of all protocols were refused for each of the agent's own reasons. Asks no more once it knows of `total`. */
  countRefused(asn: number, total: number, signal?: AbortSignal): Promise<ReadonlyMap<number, number>>;
}

/** Routes that an import filter refused for one reason. */
export interface RefusedRoutes {
  /** Undefined where the route has none. */
  readonly reason: number | undefined;
  readonly count: number;
  /** Some of the networks. */
  readonly examples: readonly string[];
}

/** The BIRD routing daemon and its configuration directory. */
export interface Bird {
  /** Status and all protocols over one connection to the control socket; starts no process. */
  observe(signal?: AbortSignal): Promise<ObservedBird>;
  /** The states of all protocols, by one short command that may run many times a minute. */
  glance(signal?: AbortSignal): Promise<BirdGlance>;
  /** The files under names the agent uses (main file, policy, peers/*.conf, ibgp.d/*.conf): path → text. */
  readFiles(): Promise<ReadonlyMap<string, string>>;
  /** The operator's own files in `local/`, where the agent's `bird.conf` includes them: path → text, every byte one character. */
  readLocalFiles(): Promise<ReadonlyMap<string, string>>;
  /** BIRD's own configuration as long as the agent's main file is not in place; undefined where it is. */
  readOperatorConfig(): Promise<OperatorConfig | undefined>;
  /** A short text that changes with the files that BIRD reads besides the agent's, and with each new BIRD process. */
  readBesides(): Promise<string>;
  /** Lets BIRD check the candidate, changing nothing; undefined where it is good. */
  check(
    write: readonly BirdFile[],
    remove: readonly string[],
    signal?: AbortSignal,
  ): Promise<Extract<BirdCommit, { kind: 'rejected' }> | undefined>;
  /**
   * Stages the candidate, lets BIRD check it, swaps it in and reloads once. `write` and `remove` together are the whole
   * change; the rest of the directory stays. With a gate, BIRD and the files return to their previous state unless the gate
   * finds nothing wrong. A load enables no protocol that was disabled by hand, except those of `returning`.
   */
  commit(
    write: readonly BirdFile[],
    remove: readonly string[],
    signal?: AbortSignal,
    load?: LoadWishes,
  ): Promise<BirdCommit>;
  /**
   * Undoes a change that a killed agent left unconfirmed, and removes the remains of one that had not begun. Returns the
   * restored paths. Call it only while no other change runs. After it restored paths, no change is made and each call
   * does the same again until `endRecovery`, so that an agent that is killed in between forgets nothing.
   */
  recover(signal?: AbortSignal): Promise<readonly string[]>;
  /** The restored paths have been stored. */
  endRecovery(): Promise<void>;
  /** `enable NAME`: enables a protocol that was disabled by hand. */
  enable(protocol: string, signal?: AbortSignal): Promise<void>;
  /** `disable NAME`: disables a protocol. */
  disable(protocol: string, signal?: AbortSignal): Promise<void>;
  /** `restart NAME`: takes a protocol down and up again. Throws also where it is disabled. */
  restart(protocol: string, signal?: AbortSignal): Promise<void>;
  /** `reload out NAME`: BIRD sends all routes to the neighbor again; resets nothing. */
  resend(protocol: string, signal?: AbortSignal): Promise<void>;
  /** The ROAs that BIRD has of these RPKI protocols. Throws where they cannot be read as a whole. */
  readRoas(protocols: readonly string[], signal?: AbortSignal): Promise<Roas>;
  /**
   * Stops the daemon for a graceful restart and starts it in recovery mode (`bird -R`). It answers when this returns. Throws where it went
   * wrong in the middle.
   */
  restartDaemon(signal?: AbortSignal): Promise<BirdRestarted>;
  readonly tables: RouteTables;
}
