/** The control plane's status of a session, in words; the numbers belong to a dialect (adapters/control-plane). */
export type SessionStatus =
  | 'disabled'
  | 'active'
  | 'error'
  | 'pending-review'
  | 'queued-for-setup'
  | 'queued-for-delete'
  | 'setup-failed'
  | 'teardown'
  | 'rejected'
  | 'deleted';

/** True for the statuses under which the agent configures a session. */
export function isConfigured(status: SessionStatus): boolean {
  return (
    status === 'queued-for-setup' || status === 'active' || status === 'error' || status === 'setup-failed'
  );
}
