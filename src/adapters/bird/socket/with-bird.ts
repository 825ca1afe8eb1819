import { type BirdConnection, type BirdSocketOptions, connectBird } from './socket.js';
import { BirdSocketError } from './socket-error.js';

/**
 * Connects to BIRD while `use` runs: opens and closes every connection of the agent. Where no BIRD answers, returns
 * `ifSilent`; without it throws the `BirdSocketError`.
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
