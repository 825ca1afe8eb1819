import type { Chronicle } from '../events/chronicle.js';
import type { History } from '../history/history.js';
import type { ReconcilerContext } from '../pass/context.js';
import type { NodeState } from '../pass/node-state.js';
import type { ControlPlane, NetworkTotals } from '../ports/control-plane.js';
import type { Pinger } from '../ports/host.js';
import type { Log, LogOnChange } from '../ports/log.js';
import type { PassWork } from '../ports/work.js';
import type { Call } from './calls.js';

/** What an agent needs from outside. */
export interface AgentContext extends ReconcilerContext {
  readonly controlPlane: ControlPlane;
  readonly pinger: Pinger;
  readonly log: Log;
  /** Logs a fault once when it begins and once when it ends. */
  readonly logOnChange: LogOnChange;
  /** What happened on the node, also before this agent. */
  readonly events: Pick<Chronicle, 'read'>;
  /** How sessions and mesh peers were, also before this agent. */
  readonly history: Pick<History, 'note' | 'rtts' | 'series' | 'size'>;
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
  /** The agent's own limit. */
  readonly requestsPerMinute: number;
  /** The time between two passes, in ms. */
  readonly passIntervalMs: number;
  /** Called when a pass, or a step of one, ends. */
  onProgress(): void;
  /** Called when a pass ends, also a failed one: there is a new status. */
  onPass(work: PassWork): void;
  /** Called when a look has seen a change: there is a new status. */
  onLook(): void;
  /** Cuts a pass off in the middle. Without it a pass ends regularly, even if the daemon is to stop. */
  readonly cutOff: AbortSignal;
}

/** What the parts of one agent share. */
export interface AgentParts {
  readonly context: AgentContext;
  readonly state: NodeState;
  readonly call: Call;
}
