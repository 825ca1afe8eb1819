import type { NodeStatus } from '../shell/status/status.js';
import { type StatusMessage, statusChanges, type ToldStatus } from '../shell/status/status-changes.js';

/** Tells the open pages what changes in the status, as server-sent events. Without an open page it does nothing. */
export interface LiveStatus {
  /** The status may have changed. */
  changed(): void;
  /** A stream of its own, with the whole status first; undefined where too many are open. It ends when `isAllowed` is no longer true. */
  open(isAllowed: () => boolean): ReadableStream<Uint8Array> | undefined;
  /** Ends all streams. */
  close(): void;
}

interface LiveOptions {
  status(): NodeStatus;
  /** Unix seconds, whole. */
  readonly nowSeconds: () => number;
  readonly mostReaders?: number;
  /** So often a reader hears that the node is still there, and of what changes without a pass or a look, such as a call that fails. */
  readonly aliveMs?: number;
  /** Looks and passes that come together are told together. */
  readonly togetherMs?: number;
  /** Who has more than this to read is cut off; a browser comes back by itself and gets the whole status. */
  readonly mostBytes?: number;
}

interface Reader {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  readonly isAllowed: () => boolean;
}

export function openLiveStatus({
  status,
  nowSeconds,
  mostReaders = 8,
  aliveMs = 20_000,
  togetherMs = 500,
  mostBytes = 4 * 1024 * 1024,
}: LiveOptions): LiveStatus {
  const readers = new Set<Reader>();
  let told: ToldStatus | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let alive: NodeJS.Timeout | undefined;
  let isClosed = false;

  function leave(reader: Reader): void {
    readers.delete(reader);
    if (readers.size > 0) return;
    clearInterval(alive);
    clearTimeout(waiting);
    alive = undefined;
    waiting = undefined;
    told = undefined;
  }

  function end(reader: Reader): void {
    leave(reader);
    try {
      reader.controller.close();
    } catch {
      // It has ended by itself.
    }
  }

  /** `desiredSize` is what still fits: the stream counts what its reader has not taken. */
  function send(reader: Reader, bytes: Uint8Array): void {
    const room = reader.controller.desiredSize ?? 0;
    if (!reader.isAllowed() || room < bytes.length) end(reader);
    else reader.controller.enqueue(bytes);
  }

  function sendAll(bytes: Uint8Array): void {
    for (const reader of [...readers]) send(reader, bytes);
  }

  function tell(): void {
    clearTimeout(waiting);
    waiting = undefined;
    const { told: now, message } = statusChanges(status(), nowSeconds(), told);
    told = now;
    if (message) sendAll(encode('status', message));
  }

  return {
    changed: () => {
      if (readers.size > 0) waiting ??= setTimeout(tell, togetherMs).unref();
    },
    open: (isAllowed) => {
      if (isClosed || readers.size >= mostReaders) return undefined;
      let reader: Reader;
      return new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            // So that those who are there and the new one go on from the same status.
            if (readers.size > 0) tell();
            reader = { controller, isAllowed };
            readers.add(reader);
            const first = statusChanges(status(), nowSeconds());
            told = first.told;
            if (first.message) send(reader, encode('status', first.message));
            alive ??= setInterval(() => {
              tell();
              sendAll(encode('alive', { nowSeconds: nowSeconds() }));
            }, aliveMs).unref();
          },
          cancel: () => leave(reader),
        },
        { highWaterMark: mostBytes, size: (bytes) => bytes?.length ?? 0 },
      );
    },
    close: () => {
      isClosed = true;
      for (const reader of [...readers]) end(reader);
    },
  };
}

const encoder = new TextEncoder();

/** JSON has no line break, so one `data:` line is enough. */
function encode(
  event: 'status' | 'alive',
  data: StatusMessage | { readonly nowSeconds: number },
): Uint8Array {
  return encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
