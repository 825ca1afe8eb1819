import { HttpError } from './server.js';

/** Runs a task when it is its turn. The signal gives up the place in the queue. */
export type InTurn = <T>(signal: AbortSignal, task: () => Promise<T>) => Promise<T>;

interface TurnLimits {
  /** At once. */
  readonly running: number;
  /** In the queue. */
  readonly waiting: number;
  readonly waitMs: number;
  /** Within any minute. */
  readonly perMinute: number;
}

/**
 * Runs at most `running` tasks at a time and queues some more. Throws `HttpError` 503 where the queue is full, 429 after too
 * many requests within a minute.
 */
export function openTurns({ running, waiting, waitMs, perMinute }: TurnLimits): InTurn {
  const queue: (() => void)[] = [];
  const startedMs: number[] = [];
  let active = 0;

  function countStart(): void {
    const nowMs = performance.now();
    while ((startedMs[0] ?? nowMs) < nowMs - 60_000) startedMs.shift();
    if (startedMs.length >= perMinute)
      throw new HttpError(429, `more than ${perMinute} look-ups within a minute; try again later`);
    startedMs.push(nowMs);
  }

  /** The place of a task that ended goes to the next in line. */
  function leave(): void {
    const next = queue.shift();
    if (next) next();
    else active -= 1;
  }

  function enter(signal: AbortSignal): Promise<void> {
    if (active < running) {
      active += 1;
      return Promise.resolve();
    }
    if (queue.length >= waiting) return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      const giveUp = (reason: unknown) => {
        const place = queue.indexOf(go);
        if (place !== -1) queue.splice(place, 1);
        settle();
        reject(reason);
      };
      const abort = () => giveUp(signal.reason);
      const timer = setTimeout(() => giveUp(busy()), waitMs);
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      };
      const go = () => {
        settle();
        resolve();
      };
      signal.addEventListener('abort', abort, { once: true });
      queue.push(go);
    });
  }

  return async (signal, task) => {
    signal.throwIfAborted();
    countStart();
    await enter(signal);
    try {
      return await task();
    } finally {
      leave();
    }
  };
}

function busy(): HttpError {
  return new HttpError(503, 'too many look-ups at once; try again in a moment');
}
