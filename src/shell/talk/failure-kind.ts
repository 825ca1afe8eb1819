/** Which kind of failure a call to the control plane ended in (`ControlPlaneError`); undefined for any other error. */
export function failureKind(error: unknown): unknown {
  return (error as { readonly kind?: unknown }).kind;
}

/** A refusal of what was said (404, 422, `updated: false`), by a control plane that is there. */
export function isRefusal(error: unknown): boolean {
  const kind = failureKind(error);
  return kind === 'unknown-node' || kind === 'rejected';
}

/** Whether a call that failed got an answer of the control plane: one that refuses, or makes no sense, is one, too. */
export function isAnswered(error: unknown): boolean {
  const kind = failureKind(error);
  return kind !== undefined && kind !== 'unreachable' && kind !== 'timeout';
}
