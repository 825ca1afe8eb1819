import type { AgentParts } from './agent-context.js';
import { failureKind } from './failure-kind.js';

/** What the health gate of a change knows of the control plane. */
export interface ControlPlaneWatch {
  /** True where nothing went wrong with the last calls. */
  isAnswering(): boolean;
  /** Asks. A refusal is an answer. */
  answers(signal: AbortSignal): Promise<boolean>;
}

export function watchControlPlane({ context, state }: AgentParts): ControlPlaneWatch {
  return {
    isAnswering: () => state.callErrors.size === 0 && state.lastAnswerSeconds !== undefined,
    answers: async (signal) => {
      try {
        await context.controlPlane.checkHealth(signal);
        return true;
      } catch (error) {
        return !isSilence(error);
      }
    },
  };
}

function isSilence(error: unknown): boolean {
  const kind = failureKind(error);
  return kind === 'unreachable' || kind === 'timeout';
}
