import { z } from 'zod';

/**
 * The control plane's identifier of a session. Usually a UUID, but any short text of letters, digits, `-`, `_`
 * and `.` is one ("abc-123"). It becomes part of interface aliases and comments, so no other characters are allowed.
 */
export type SessionId = string & z.$brand<'SessionId'>;

export const sessionId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'uuid is not 1 to 64 letters, digits, "-", "_" or "."')
  .brand<'SessionId'>();
