import { type BirdSocketOptions, connectBird } from './socket/socket.js';

/** `restart "NAME"`: one protocol goes down and comes up anew. Throws where BIRD does not answer, refuses, or has none of that name. */
export async function restartProtocol(
  options: Pick<BirdSocketOptions, 'controlSocket'> & Partial<BirdSocketOptions>,
  protocol: string,
  signal?: AbortSignal,
): Promise<void> {
  if (!/^[A-Za-z0-9_.:-]{1,64}$/.test(protocol))
    throw new Error(`restart ${JSON.stringify(protocol.slice(0, 70))}: not the name of a BIRD protocol`);
  const connection = await connectBird({ connectTimeoutMs: 2000, replyTimeoutMs: 8000, ...options }, signal);
  try {
    const { code, text, lines } = await connection.ask(`restart "${protocol}"`, signal);
    const restarted = lines.some((line) => line.code === '0012');
    if (!restarted) throw new Error(`restart ${protocol}: BIRD says ${lines[0]?.text || `${code} ${text}`}`);
  } finally {
    connection.close();
  }
}
