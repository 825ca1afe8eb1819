import { createConnection } from 'node:net';

export interface HelperCall {
  /** The socket on which systemd starts the helper. */
  readonly socket: string;
  /** What the helper reads. */
  readonly input: string;
  /** What the helper writes last; what it wrote until then is the answer. */
  readonly end: RegExp;
  readonly timeoutMs: number;
}

/**
 * Asks a helper: a unit of its own with the rights that the agent's unit lacks, started by systemd for this connection. Returns
 * what it wrote. Throws where there is no such socket, with what to do, and where the answer does not end in time.
 */
export function askHelper(call: HelperCall, signal?: AbortSignal): Promise<string> {
  const { socket, input, end, timeoutMs } = call;
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.timeout(timeoutMs);
    const connection = createConnection({
      path: socket,
      signal: AbortSignal.any([limit, ...[signal ?? []].flat()]),
    });
    let answer = '';
    connection.setEncoding('utf8');
    connection.on('connect', () => connection.write(input));
    connection.on('data', (text) => {
      answer += text;
      if (answer.length > maxAnswer) connection.destroy(new Error(`${socket} answers too much`));
      if (!end.test(answer)) return;
      connection.destroy();
      resolve(answer);
    });
    connection.on('error', (error) => {
      if (signal?.aborted) return reject(signal.reason);
      const late = `${socket} did not answer within ${timeoutMs / 1000} s`;
      reject(limit.aborted ? new Error(late, { cause: error }) : explained(socket, error));
    });
    connection.on('close', () => reject(new Error(`${socket} gave no answer. See: ${journal(socket)}`)));
  });
}

const maxAnswer = 64 * 1024;

function explained(socket: string, error: Error): Error {
  const code = 'code' in error ? error.code : undefined;
  if (code !== 'ENOENT' && code !== 'ECONNREFUSED') return error;
  const message = `nothing listens on ${socket}: systemctl enable --now ${unit(socket)}.socket`;
  return new Error(message, { cause: error });
}

function journal(socket: string): string {
  return `journalctl --unit '${unit(socket)}@*'`;
}

/** `/run/moenet-agent-helpers/bird.sock` → `moenet-agent-bird`. */
function unit(socket: string): string {
  return `moenet-agent-${/([^/]+)\.sock$/.exec(socket)?.[1] ?? ''}`;
}
