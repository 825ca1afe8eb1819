import type { NodeState } from '../pass/node-state.js';
import type { AgentContext } from '../talk/agent-context.js';

/** Runs tasks one after another in the order of the calls; a failure does not stop the next. */
export type Exclusive = <T>(task: () => Promise<T>) => Promise<T>;

export interface OperationsContext extends Pick<AgentContext, 'host' | 'memory' | 'pinger'> {
  readonly state: NodeState;
  /** Keeps an operation and a pass from changing the system at the same time. */
  readonly exclusive: Exclusive;
  pass(): Promise<{ readonly errors: readonly string[] }>;
}

/** What an operator's orders need: they store something, make a pass, and stand in the log. */
export interface OrderContext extends Pick<AgentContext, 'host' | 'memory' | 'log'> {
  readonly state: NodeState;
  readonly exclusive: Exclusive;
  pass(): Promise<{ readonly changes: readonly string[] }>;
}
