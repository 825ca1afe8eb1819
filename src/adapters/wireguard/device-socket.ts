import { createConnection } from 'node:net';
import { join } from 'node:path';
import { getSystemErrorMap } from 'node:util';

/** How a process that serves an interface answers to one request. */
export interface DeviceAnswer {
  /** What it says, without the last line. It may hold keys: a secret. */
  readonly text: string;
  /** Why it did not do it, in the system's words; undefined where it did. */
  readonly problem: string | undefined;
}

/** There is no such socket, as for an interface of the kernel's; or the process behind it has ended. */
export type NoAnswer = 'no socket' | 'ended';

export interface DeviceCall {
  readonly path: string;
  /** `get=1` or `set=1` with what follows it, each line with its end; without the empty line. */
  readonly request: string;
  readonly timeoutMs: number;
}

/** Where wg(8) looks for the process behind an interface that is not the kernel's. */
export function deviceSocket(socketDir: string, name: string): string {
  return join(socketDir, `${name}.sock`);
}

const mostAnswerBytes = 16 * 1024 * 1024;

/**
 * Asks the wireguard-go behind an interface, by the protocol that wg(8) speaks with it (wireguard.com/xplatform). Throws where
 * it does not answer in time; the error does not quote the request, which may hold keys.
 */
export function askDevice(call: DeviceCall, signal?: AbortSignal): Promise<DeviceAnswer | NoAnswer> {
  const { path, request, timeoutMs } = call;
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path });
    let text = '';
    const settle = (end: () => void) => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', stop);
      socket.destroy();
      end();
    };
    const stop = () => settle(() => reject(signal?.reason));
    const late = () => new Error(`wireguard-go does not answer within ${timeoutMs / 1000} s`);
    const limit = setTimeout(() => settle(() => reject(late())), timeoutMs);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) return stop();
    socket.setEncoding('latin1');
    socket.on('connect', () => socket.write(`${request}\n`));
    socket.on('data', (some: string) => {
      text += some;
      const answer = text.endsWith('\n\n') ? parseAnswer(text) : undefined;
      if (answer) return settle(() => resolve(answer));
      if (text.length > mostAnswerBytes)
        settle(() => reject(new Error('wireguard-go says more than the agent can take')));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const isAbsent = error.code === 'ENOENT' || error.code === 'ENOTSOCK';
      settle(() => resolve(isAbsent ? 'no socket' : 'ended'));
    });
    socket.on('close', () => settle(() => resolve('ended')));
  });
}

/** The last line is `errno=NUMBER`; wireguard-go's numbers are negative. */
function parseAnswer(text: string): DeviceAnswer | undefined {
  const end = /(?:^|\n)errno=(-?\d+)\n\n$/.exec(text);
  if (!end) return undefined;
  const code = Math.abs(Number(end[1]));
  const problem = code === 0 ? undefined : (getSystemErrorMap().get(-code)?.[1] ?? `error ${code}`);
  return { text: text.slice(0, end.index), problem };
}
