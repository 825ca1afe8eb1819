import type { AgentParts } from './agent-context.js';

/**
 * Whether the control plane still answers, for the health gate of a change. One that was away before does not count, and
 * a refusal is an answer.
 */
export function controlPlaneAnswers({
  context,
  state,
}: AgentParts): (signal: AbortSignal) => Promise<boolean> {
  return async (signal) => {
    if (state.callErrors.size > 0 || state.lastAnswerSeconds === undefined) return true;
    try {
      await context.controlPlane.checkHealth(signal);
      return true;
    } catch (error) {
      return !isSilence(error);
    }
  };
}

function isSilence(error: unknown): boolean {
  const { kind } = error as { readonly kind?: unknown };
  return kind === 'unreachable' || kind === 'timeout';
}
