import type { PeerSpec } from '../scenario/peer-spec.js';
import type { Scenario } from '../scenario/scenario.js';

/** What the lab tells its page, as it happens. Times are seconds since the lab's start. */
export type LabMessage =
  /** Where the hosts are, by the lab's own process ids: for who serves the page, not for the page. */
  | { readonly kind: 'hosts'; readonly pids: Readonly<Record<string, number>> }
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  /** Its hosts are simulated. */
  | ({ readonly kind: 'simulation' } & Simulation)
  /** A line, as the terminal shows it. */
  | { readonly kind: 'line'; readonly seconds: number; readonly text: string }
  | { readonly kind: 'waiting'; readonly what: readonly string[] }
  /** What a look at all hosts has seen. */
  | ({ readonly kind: 'look' } & Look)
  /** What the steps will be, in their order. */
  | { readonly kind: 'steps'; readonly done: readonly string[] }
  | { readonly kind: 'step'; readonly index: number; readonly step: StepShown }
  /** The checks that are being made, or have been. */
  | { readonly kind: 'checks'; readonly checks: readonly CheckShown[] }
  | { readonly kind: 'result'; readonly ok: boolean; readonly seconds: number }
  /** It is gone, and why. The last of all. */
  | { readonly kind: 'ended'; readonly why: string };

/** Why the hosts are simulated, and what that cannot show: in words. */
export interface Simulation {
  readonly why: string;
  readonly notProved: string;
}

/** The network at one moment. */
export interface Look {
  readonly seconds: number;
  /** All who have a host now, the newcomer among them. */
  readonly peers: readonly PeerSpec[];
  readonly nodes: readonly NodeLook[];
  readonly sessions: readonly SessionLook[];
  readonly mesh: readonly LinkLook[];
  readonly ibgp: readonly LinkLook[];
}

interface NodeLook {
  readonly name: string;
  readonly agent: 'starts' | 'runs' | 'ended';
}

export interface SessionLook {
  readonly asn: number;
  /** False where the control plane does not want it now. */
  readonly isWanted: boolean;
  readonly hasHandshake: boolean;
  /** Of the worst of its BGP sessions, in BIRD's word; undefined where there is none. */
  readonly bgp: string | undefined;
  /** Both ends say that all of BGP is Established. */
  readonly isUp: boolean;
  readonly routes: number;
  readonly rttMs: number | undefined;
  /** What the control plane was told last. */
  readonly told: string | undefined;
}

/** A tunnel of the mesh, or iBGP, between two nodes. */
export interface LinkLook {
  readonly from: string;
  readonly to: string;
  readonly isUp: boolean;
}

export interface StepShown {
  readonly done: string;
  readonly state: 'waits' | 'runs' | 'ok' | 'failed';
  readonly seconds?: number;
  /** What came of it, a line each. */
  readonly seen?: readonly string[];
}

export interface CheckShown {
  readonly name: string;
  readonly state: 'waits' | 'ok' | 'failed';
  /** What was seen instead. */
  readonly seen?: string;
}
