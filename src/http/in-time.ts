import { HttpError } from './server.js';

/** Below the callers' limits: 15 s for changes, 10 s for queries. */
export const changeMs = 13_000;
export const readMs = 8_000;

/** The answer where there is none in time. */
export function stillAtIt(): never {
  throw new HttpError(503, 'the agent is still working on it; see moenet-agent status');
}

/** A caller that hangs up does not leave a change half made. */
export function untilDone(): AbortSignal {
  return new AbortController().signal;
}
