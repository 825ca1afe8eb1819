import { AnswerError } from '../../src/adapters/control-plane/http/http-error.js';
import { defaultLimits } from '../../src/adapters/control-plane/http/limits.js';
import { openPause, rateLimit } from '../../src/adapters/control-plane/http/rate-limit.js';
import { retryDelayMs } from '../../src/adapters/control-plane/http/retry.js';
import { type HttpAnswer, heeding, type Transport } from '../../src/adapters/control-plane/http/transport.js';
import type { Chance } from './chance.js';
import type { Answer } from './server.js';
import type { VirtualTime } from './virtual-time.js';

type Request = Parameters<Transport['send']>[0];

/** As the configuration has it where it does not say. */
export const requestsPerMinute = 240;

/** Those that undici's retries take for passing. */
const passing = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ENOTFOUND',
  'ENETDOWN',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EPIPE',
  'UND_ERR_SOCKET',
];

/** HTTP to the control plane in virtual time, with the agent's own pace, pauses and retries. */
export function openTransport(
  time: VirtualTime,
  chance: Chance,
  exchange: (request: Request) => Promise<Answer>,
): Transport {
  const reserve = rateLimit(requestsPerMinute);
  const pause = openPause();
  const { retries: maxRetries, minRetryMs: minTimeout, maxRetryMs: maxTimeout } = defaultLimits;
  const options = { maxRetries, minTimeout, maxTimeout, errorCodes: passing };

  async function attempt(request: Request, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    await time.sleep(reserve(time.now()), signal);
    signal?.throwIfAborted();
    // There and back.
    await time.sleep(chance.between(5, 150), signal);
    const { status, headers, text } = await exchange(request);
    signal?.throwIfAborted();
    if (status >= 300) throw new AnswerError(status, headers, text);
    return { status: 200, retryAfterMs: undefined, location: undefined, text };
  }

  async function retried(request: Request, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    for (let number = 1; ; number += 1) {
      try {
        return await attempt(request, signal);
      } catch (error) {
        signal?.throwIfAborted();
        const delayMs = retryDelayMs(error as Error, number, options, chance.next());
        if (delayMs === undefined) throw error;
        await time.sleep(delayMs, signal);
      }
    }
  }

  return {
    host: 'cp.example.net',
    send: (request, signal) => heeding(pause, time.now, () => retried(request, signal)),
    endPause: () => pause.end(),
    close: async () => undefined,
  };
}
