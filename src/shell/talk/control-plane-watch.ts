import type { AgentParts } from './agent-context.js';
import { isAnswered } from './failure-kind.js';

/** What the health gate of a change knows of the control plane. */
export interface ControlPlaneWatch {
  /** True where each of the last calls got an answer. One that it refuses does not stop the watch. */
  isAnswering(): boolean;
  /** Asks. A refusal is an answer. */
  answers(signal: AbortSignal): Promise<boolean>;
}

export function watchControlPlane({ context, state }: AgentParts): ControlPlaneWatch {
  return {
    isAnswering: () => state.isHeard && state.unanswered.size === 0,
    answers: async (signal) => {
      try {
        await context.controlPlane.checkHealth(signal);
        return true;
      } catch (error) {
        return isAnswered(error);
      }
    },
  };
}
