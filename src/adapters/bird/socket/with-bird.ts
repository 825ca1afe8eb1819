import { type BirdConnection, type BirdSocketOptions, connectBird } from './socket.js';
import { BirdSocketError } from './socket-error.js';

/**
 * Connects to BIRD for as long as `use` takes: every connection of the agent is opened and closed here. Where no BIRD answers,
 * `ifSilent` says what comes of that; without it the `BirdSocketError` is thrown.
 */
export async function withBird<T>(
  options: BirdSocketOptions,
  signal: AbortSignal | undefined,
  use: (bird: BirdConnection) => Promise<T>,
  ifSilent?: (error: BirdSocketError) => Promise<T>,
): Promise<T> {
  let bird: BirdConnection;
  try {
    bird = await connectBird(options, signal);
  } catch (error) {
    if (ifSilent && error instanceof BirdSocketError) return ifSilent(error);
    throw error;
  }
  try {
    return await use(bird);
  } finally {
    bird.close();
  }
}
