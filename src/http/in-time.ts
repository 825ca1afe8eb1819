import { HttpError } from './server.js';

/** Below the callers' limits: 15 s for changes, 10 s for queries. */
export const changeMs = 13_000;
export const readMs = 8_000;

/** The task's result; undefined where it takes longer than `ms`. The task then goes on. */
export async function inTime<T>(ms: number, task: Promise<T>): Promise<{ readonly value: T } | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([task.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The answer where there is none in time. */
export function stillAtIt(): never {
  throw new HttpError(503, 'the agent is still working on it; see moenet-agent status');
}

/** A change goes on when its caller hangs up, so that it is not left half made. */
export function untilDone(): AbortSignal {
  return new AbortController().signal;
}
