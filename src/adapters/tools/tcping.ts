import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatAddress } from '../../core/lookups/target.js';
import type { Destination } from './find-host.js';

const attempts = 4;
const timeoutMs = 1800;
const pauseMs = 200;

/** Opens and closes a TCP connection four times; one line each with the time it took, or why there was none. */
export async function tcping(
  { address, zone, title }: Destination,
  port: number,
  signal: AbortSignal,
): Promise<string> {
  const host = formatAddress(address, zone);
  const lines = [`TCP connections to ${title}, port ${port}`];
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (attempt > 1) await sleep(pauseMs, undefined, { signal });
    lines.push(`${attempt}: ${await connect(host, port, signal)}`);
  }
  return lines.join('\n');
}

/** Resolves to words; rejects only with the signal's reason. */
function connect(host: string, port: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const startedMs = performance.now();
    const socket = createConnection({ host, port });
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      settle();
    };
    const abort = () => end(() => reject(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    socket.setTimeout(timeoutMs, () => end(() => resolve(`no answer within ${timeoutMs / 1000} s`)));
    socket.once('connect', () =>
      end(() => resolve(`open, ${(performance.now() - startedMs).toFixed(1)} ms`)),
    );
    socket.once('error', (error: NodeJS.ErrnoException) => end(() => resolve(explain(error))));
  });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ECONNRESET: 'reset',
};

function explain({ code, message }: NodeJS.ErrnoException): string {
  return reasons[code ?? ''] ?? message;
}
