import type { Exclusive } from '../../core/exclusive.js';
import type { NodeState } from '../pass/node-state.js';
import type { AgentContext } from '../talk/agent-context.js';

export interface OperationsContext extends Pick<AgentContext, 'host' | 'memory' | 'pinger'> {
  readonly state: NodeState;
  /** Keeps an operation and a pass from changing the system at the same time. */
  readonly exclusive: Exclusive;
  pass(): Promise<{ readonly errors: readonly string[] }>;
}
