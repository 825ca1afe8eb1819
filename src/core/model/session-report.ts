import type { SessionStatus } from './session-status.js';
import type { SessionId } from './values/session-id.js';

/** A status update of one session, in words; the dialect turns them into numbers. */
export interface SessionReport {
  readonly uuid: SessionId;
  readonly status: SessionStatus;
  readonly interface: string | undefined;
  readonly error: string | undefined;
}
