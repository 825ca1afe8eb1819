/** Which kind of failure a call to the control plane ended in (`ControlPlaneError`); undefined for any other error. */
export function failureKind(error: unknown): unknown {
  return (error as { readonly kind?: unknown }).kind;
}
