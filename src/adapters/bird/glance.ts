import type { BirdGlance } from '../../core/model/observed.js';
import { silenceOf } from './observe.js';
import { parseProtocols } from './parse.js';
import { type BirdSocketOptions, connectBird } from './socket/socket.js';

/**
 * Asks BIRD for the states of its protocols: one command, whose reply has a line per protocol. A BIRD that is down or hung is an
 * answer, with the reason. Throws only the signal's reason.
 */
export async function glanceAtBird(options: BirdSocketOptions, signal?: AbortSignal): Promise<BirdGlance> {
  try {
    const connection = await connectBird(options, signal);
    try {
      const protocols = parseProtocols(await connection.ask('show protocols', signal));
      return {
        running: true,
        protocols: protocols.map(({ name, proto, state, info }) => ({ name, proto, state, info })),
      };
    } finally {
      connection.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    return { running: false, reason: silenceOf(error, options.controlSocket) };
  }
}
