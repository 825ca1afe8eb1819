import type { ReconcilerContext } from '../pass/context.js';
import type { NodeState } from '../pass/node-state.js';
import type { ControlPlane, NetworkTotals } from '../ports/control-plane.js';
import type { Pinger } from '../ports/host.js';
import type { Log, LogOnChange } from '../ports/log.js';
import type { Call } from './calls.js';

/** What an agent needs from outside. */
export interface AgentContext extends ReconcilerContext {
  readonly controlPlane: ControlPlane;
  readonly pinger: Pinger;
  readonly log: Log;
  /** Logs a state once, when it begins and when it ends. */
  readonly logOnChange: LogOnChange;
  readonly facts: {
    readonly version: string;
    readonly apiUrl: string;
    readonly pid: number;
    readonly kernel: string;
    loadAverage(): readonly [number, number, number];
    /** Undefined where it cannot be read. Never throws. */
    network?(): Promise<NetworkTotals | undefined>;
    /** The interfaces of the default routes. Never throws. */
    defaultRoutes?(): Promise<{ readonly ipv4: readonly string[]; readonly ipv6: readonly string[] }>;
    /** Seconds the process has run. */
    uptimeSeconds(): number;
  };
  /** What `status` says of the configuration, one sentence each. */
  configNotes(): readonly string[];
  readonly reportIntervalMs: number;
  /** How often a pass is to be made, in ms. */
  readonly passIntervalMs: number;
  /** Hears that the agent gets on with its work: passes end, and steps of them. */
  onProgress(): void;
  /** Hears that a pass has ended, whatever came of it: there is a new status. */
  onPass(): void;
  /** Cuts a pass off in its middle. A pass that was begun is otherwise finished, also when the daemon is to stop. */
  readonly cutOff: AbortSignal;
  /** Hears of each call to the control plane that did not succeed. */
  onCallFailed(call: string): void;
}

/** What the parts of one agent share. */
export interface AgentParts {
  readonly context: AgentContext;
  readonly state: NodeState;
  readonly call: Call;
}
