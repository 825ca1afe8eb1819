import { type BirdSocketOptions, connectBird } from './socket.js';

/**
 * `enable "NAME"`: switches one protocol on; one that is on stays as it is. Throws where BIRD does not answer, refuses,
 * or has no such protocol.
 */
export async function enableProtocol(
  options: BirdSocketOptions,
  protocol: string,
  signal?: AbortSignal,
): Promise<void> {
  // Between quotes a name is a pattern: that takes names that are keywords (`all`) or have a "-", and no wildcards.
  if (!/^[A-Za-z0-9_.:-]{1,64}$/.test(protocol))
    throw new Error(`enable ${JSON.stringify(protocol.slice(0, 70))}: not the name of a BIRD protocol`);
  const connection = await connectBird(options, signal);
  try {
    const reply = await connection.ask(`enable "${protocol}"`, signal);
    if (reply.code !== '0000') throw new Error(`enable ${protocol}: BIRD says ${reply.code} ${reply.text}`);
  } finally {
    connection.close();
  }
}
