import type { ControlPlaneWatch } from '../ports/control-plane.js';
import { isAnswered } from '../ports/control-plane-error.js';
import type { AgentParts } from './agent-context.js';

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
