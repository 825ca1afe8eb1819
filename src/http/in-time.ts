import { HttpError } from './server.js';

/** Below what callers wait: 15 s for what changes something, 10 s for what is only looked at. */
export const changeMs = 13_000;
export const readMs = 8_000;

/** The task's result; undefined where it takes longer than `ms`, and the task then goes on by itself. */
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
  throw new HttpError(503, 'it takes longer than usual and goes on; see moenet-agent status');
}

/** A caller that hangs up does not leave a change half made. */
export function untilDone(): AbortSignal {
  return new AbortController().signal;
}
