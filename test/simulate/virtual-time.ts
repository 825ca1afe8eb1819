/** Time that passes only where somebody waits for it: hours take as long as what happens in them. */
export interface VirtualTime {
  /** Unix time in milliseconds. */
  now(): number;
  /** Calls `action` after `ms`. Returns what takes that back. */
  after(ms: number, action: () => void): () => void;
  /** Resolves after `ms`, or at once when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets time pass until `untilMs`: one moment after another, and in each all that follows from it. */
  run(untilMs: number): Promise<void>;
}

interface Appointment {
  readonly atMs: number;
  /** Those of one moment keep their order. */
  readonly number: number;
  action: (() => void) | undefined;
}

export function openVirtualTime(startMs: number): VirtualTime {
  let nowMs = startMs;
  let count = 0;
  const heap: Appointment[] = [];

  function after(ms: number, action: () => void): () => void {
    const appointment: Appointment = { atMs: nowMs + Math.max(0, ms), number: count++, action };
    push(heap, appointment);
    return () => {
      appointment.action = undefined;
    };
  }

  return {
    now: () => nowMs,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const end = () => {
          cancel();
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const cancel = after(ms, end);
        signal?.addEventListener('abort', end, { once: true });
      }),
    run: async (untilMs) => {
      await settle();
      for (let next = heap[0]; next !== undefined && next.atMs <= untilMs; next = heap[0]) {
        pop(heap);
        if (next.action === undefined) continue;
        nowMs = next.atMs;
        next.action();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}

/** Resolves when everything has happened that follows without a wait. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Lets `setTimeout` and `Date.now` of the whole process go by virtual time until the function that it returns is called: parts of the
 * agent have limits that they take from there.
 */
export function replaceTimers(time: VirtualTime): () => void {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: Date.now };
  const handles = new WeakMap<object, () => void>();
  const virtual = (action: () => void, ms = 0) => {
    const handle = { unref: () => handle, ref: () => handle };
    handles.set(handle, time.after(ms, action));
    return handle;
  };
  globalThis.setTimeout = virtual as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((handle: object | undefined) =>
    handle && handles.get(handle)?.()) as unknown as typeof clearTimeout;
  Date.now = () => time.now();
  return () => {
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    Date.now = real.now;
  };
}

// A binary heap: tens of thousands of loops wait at the same time.

function isBefore(a: Appointment, b: Appointment): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);
}

function push(heap: Appointment[], item: Appointment): void {
  let index = heap.length;
  heap.push(item);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (!above || !isBefore(item, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = item;
}

function pop(heap: Appointment[]): void {
  const item = heap.pop();
  if (!item || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    const [left, right] = [heap[child], heap[child + 1]];
    if (left && right && isBefore(right, left)) child += 1;
    const below = heap[child];
    if (!below || !isBefore(below, item)) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = item;
}
