import type { ObservedBird } from '../../core/model/observed.js';
import { parseProtocols, parseStatus, parseUndoSeconds } from './parse.js';
import { type BirdSocketOptions, connectBird } from './socket/socket.js';
import { BirdSocketError } from './socket/socket-error.js';

/**
 * Reads BIRD's version, what it has on trial, and all its protocols over one connection. A BIRD that is down, hung or not to be understood is
 * an answer, with the reason. Throws only the signal's reason.
 */
export async function observeBird(options: BirdSocketOptions, signal?: AbortSignal): Promise<ObservedBird> {
  try {
    const connection = await connectBird(options, signal);
    try {
      const { version, routerId } = parseStatus(await connection.ask('show status', signal));
      const undoSeconds = parseUndoSeconds(await connection.ask('configure status', signal));
      const protocols = parseProtocols(await connection.ask('show protocols all', signal));
      return { running: true, version, routerId, undoSeconds, protocols };
    } finally {
      connection.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    return { running: false, reason: silenceOf(error, options.controlSocket) };
  }
}

/** Why BIRD gave no answer that can be used, in words. */
export function silenceOf(error: unknown, socketPath: string): string {
  if (error instanceof BirdSocketError) return error.message;
  return `what answers on ${socketPath} is not understood: ${error instanceof Error ? error.message : error}`;
}
