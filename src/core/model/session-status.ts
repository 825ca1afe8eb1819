/** What the control plane says of a session, in words; the numbers belong to a dialect (adapters/control-plane). */
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

/** The statuses under which a session is configured and kept so. */
export function isConfigured(status: SessionStatus): boolean {
  return (
    status === 'queued-for-setup' || status === 'active' || status === 'error' || status === 'setup-failed'
  );
}
