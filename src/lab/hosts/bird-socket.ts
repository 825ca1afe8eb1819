import { once } from 'node:events';
import { connect } from 'node:net';

const answerTimeoutMs = 20_000;

// A code and a space end a reply; asynchronous lines begin with "+" (BIRD's doc/reply_codes).
const lastLine = /^(\d{4}) .*$/m;

/**
 * Asks a BIRD one thing over its control socket and returns the reply as it came, without the greeting. The socket is
 * a file, so it can be reached across network namespaces.
 */
export async function askBird(socketPath: string, command: string): Promise<string> {
  const socket = connect(socketPath).setEncoding('utf8').setTimeout(answerTimeoutMs);
  socket.on('timeout', () => socket.destroy(new Error(`BIRD did not answer "${command}" in time`)));
  try {
    await once(socket, 'connect');
    await readReply(socket);
    socket.write(`${command}\n`);
    return await readReply(socket);
  } finally {
    socket.destroy();
  }
}

async function readReply(socket: NodeJS.ReadableStream): Promise<string> {
  let reply = '';
  while (!lastLine.test(reply) || !reply.endsWith('\n')) {
    const [chunk] = await once(socket, 'data');
    reply += chunk;
  }
  return reply;
}
