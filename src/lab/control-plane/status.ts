/**
 * What a session is, to the control plane. Its numbers are a dialect's: `disabled` is 0 in the one and 1 in the other,
 * where 0 destroys the row.
 */
export type Status =
  | 'disabled'
  | 'active'
  | 'error'
  | 'pending review'
  | 'queued for setup'
  | 'queued for delete'
  | 'setup failed'
  | 'teardown'
  | 'rejected'
  | 'deleted';
