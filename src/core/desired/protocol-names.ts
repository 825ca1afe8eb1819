import { sessionProtocols } from '../model/session-protocols.js';
import type { DesiredSession } from './sessions.js';

/** The names of a session's BIRD protocols, as they are to be there now. */
export function protocolNames({ session, protocol, formerProtocols }: DesiredSession): readonly string[] {
  return formerProtocols ?? sessionProtocols(session, protocol).map(({ name }) => name);
}
