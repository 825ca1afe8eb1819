import { once } from 'node:events';
import { connect } from 'node:net';

const answerTimeoutMs = 20_000;

/** vtysh and the daemons of FRR speak so with each other (FRR, lib/vty.c): three zero bytes and a status end an answer. */
const endOfAnswer = Buffer.from([0, 0, 0]);

/**
 * Asks a daemon of FRR over its vty socket, as vtysh does, one thing after the other, and returns what it prints. One connection for many
 * commands: the daemon has room for few. Throws where it does not answer.
 */
export async function askFrr(socketPath: string, commands: readonly string[]): Promise<string[]> {
  const socket = connect(socketPath).setTimeout(answerTimeoutMs);
  socket.on('timeout', () => socket.destroy(new Error(`FRR did not answer on ${socketPath} in time`)));
  try {
    await once(socket, 'connect');
    const answers: string[] = [];
    for (const command of ['enable', ...commands]) {
      socket.write(`${command}\0`);
      answers.push(await readAnswer(socket));
    }
    return answers.slice(1);
  } finally {
    socket.destroy();
  }
}

async function readAnswer(socket: NodeJS.ReadableStream): Promise<string> {
  let answer = Buffer.alloc(0);
  for (;;) {
    const [chunk] = await once(socket, 'data');
    answer = Buffer.concat([answer, chunk]);
    const end = answer.indexOf(endOfAnswer);
    if (end >= 0 && answer.length > end + endOfAnswer.length) return answer.subarray(0, end).toString();
  }
}
