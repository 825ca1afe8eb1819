import { HttpError } from './server.js';

/** Below what callers wait: 15 s for what changes something, 10 s for what is only looked at. */
export const changeMs = 13_000;
export const readMs = 8_000;

/** The answer where there is none in time. */
export function stillAtIt(): never {
  throw new HttpError(503, 'it takes longer than usual and goes on; see moenet-agent status');
}

/** A caller that hangs up does not leave a change half made. */
export function untilDone(): AbortSignal {
  return new AbortController().signal;
}
