import { type BirdConnection, type BirdSocketOptions, connectBird } from '../socket/socket.js';
import { BirdSocketError } from '../socket/socket-error.js';

/** The daemon over an open connection, or why it does not answer. */
export type Daemon = { readonly connection: BirdConnection } | { readonly silent: BirdSocketError };

/** Opens a connection for as long as `use` takes. */
export async function withDaemon<T>(
  options: BirdSocketOptions,
  signal: AbortSignal | undefined,
  use: (daemon: Daemon) => Promise<T>,
): Promise<T> {
  const daemon = await findDaemon(options, signal);
  const close = async () => ('connection' in daemon ? daemon.connection.close() : undefined);
  return finallyDo(close, () => use(daemon));
}

async function findDaemon(options: BirdSocketOptions, signal?: AbortSignal): Promise<Daemon> {
  try {
    return { connection: await connectBird(options, signal) };
  } catch (error) {
    if (error instanceof BirdSocketError) return { silent: error };
    throw error;
  }
}

/** `last` is done whatever comes of `first`. */
export async function finallyDo<T>(last: () => Promise<void>, first: () => Promise<T>): Promise<T> {
  try {
    return await first();
  } finally {
    await last();
  }
}
