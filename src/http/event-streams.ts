import type { Context } from 'hono';
import { HttpError } from './server.js';

/** A server-sent event. */
interface StreamEvent {
  readonly event: string;
  readonly data: object;
}

/** Streams of server-sent events to the pages that are open. */
export interface EventStreams {
  size(): number;
  /**
   * A stream of its own, which begins with what `first` gives; undefined where too many are open. It ends when `isAllowed` is no longer
   * true. After `close` it ends with the first.
   */
  open(
    first: () => StreamEvent | undefined,
    isAllowed?: () => boolean,
  ): ReadableStream<Uint8Array> | undefined;
  /** To all of them. */
  send(event: StreamEvent): void;
  /** Ends all streams, after what was sent. */
  close(): void;
}

interface StreamOptions {
  readonly mostReaders: number;
  /** Who has more than this to read is cut off; a browser comes back by itself and begins anew. */
  readonly mostBytes: number;
  /** The last reader has left. */
  readonly onEmpty?: () => void;
}

interface Reader {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  readonly isAllowed: () => boolean;
}

export function openEventStreams({
  mostReaders,
  mostBytes,
  onEmpty = () => {},
}: StreamOptions): EventStreams {
  const readers = new Set<Reader>();
  let isClosed = false;

  function leave(reader: Reader): void {
    readers.delete(reader);
    if (readers.size === 0) onEmpty();
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

  return {
    size: () => readers.size,
    open: (first, isAllowed = () => true) => {
      if (readers.size >= mostReaders) return undefined;
      let reader: Reader;
      return new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            const event = first();
            reader = { controller, isAllowed };
            readers.add(reader);
            if (event) send(reader, encode(event));
            if (isClosed) end(reader);
          },
          cancel: () => leave(reader),
        },
        { highWaterMark: mostBytes, size: (bytes) => bytes?.length ?? 0 },
      );
    },
    send: (event) => {
      const bytes = encode(event);
      for (const reader of [...readers]) send(reader, bytes);
    },
    close: () => {
      isClosed = true;
      for (const reader of [...readers]) end(reader);
    },
  };
}

const encoder = new TextEncoder();

/** JSON has no line break, so one `data:` line is enough. */
function encode({ event, data }: StreamEvent): Uint8Array {
  return encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** Answers with a stream of `EventStreams`. Throws `HttpError` 503 where there was none to be had. */
export function answerEvents(context: Context, stream: ReadableStream<Uint8Array> | undefined): Response {
  if (!stream) throw new HttpError(503, 'too many pages are open; close one');
  return context.body(stream, 200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
}
