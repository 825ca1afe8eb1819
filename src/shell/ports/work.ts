import type { FailureKind } from './control-plane-error.js';

/** The calls of the Agent API, by their names in every dialect; `heartbeat-data` and `rtt` belong to one dialect only. */
export const callNames = [
  'config',
  'sessions',
  'bird-config',
  'mesh',
  'modify',
  'heartbeat',
  'heartbeat-data',
  'report',
  'rtt',
  'mesh/status',
  'health',
] as const;

/** A request to the control plane that has ended; one that the agent itself broke off is none. */
export interface AccountedCall {
  readonly call: (typeof callNames)[number];
  /** Undefined where it succeeded. */
  readonly failure: FailureKind | undefined;
  /** With retries, and with the wait for the agent's own rate limit. */
  readonly durationMs: number;
}

/** What a pass did. */
export interface PassWork {
  /** False where it could not read the system. */
  readonly isComplete: boolean;
  /** Without the updates that follow. */
  readonly durationMs: number;
  /** Changes that are in place, and changes that are not. */
  readonly done: number;
  readonly failed: number;
}
