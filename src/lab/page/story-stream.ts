import type { LabMessage } from '../story/messages.js';
import { emptyStory, type Story, withMessage } from '../story/story.js';

/** The story so far, for pages that open and those that are open. */
export interface StoryStream {
  tell(message: LabMessage): void;
  /** Server-sent events: `story` with all so far, then each `message`; undefined where too many are open. */
  open(): ReadableStream<Uint8Array> | undefined;
  /** Ends all streams, after what was told. */
  close(): void;
}

const mostReaders = 16;
/** Who has more than this to read is cut off; a browser comes back by itself and gets the story anew. */
const mostBytes = 16 * 1024 * 1024;

export function openStoryStream(): StoryStream {
  const readers = new Set<ReadableStreamDefaultController<Uint8Array>>();
  let story: Story = emptyStory;
  let isClosed = false;

  function send(reader: ReadableStreamDefaultController<Uint8Array>, bytes: Uint8Array): void {
    if ((reader.desiredSize ?? 0) >= bytes.length) reader.enqueue(bytes);
    else end(reader);
  }

  function end(reader: ReadableStreamDefaultController<Uint8Array>): void {
    readers.delete(reader);
    reader.close();
  }

  return {
    tell: (message) => {
      // Only for who serves the page: where the hosts are is nothing that it shows.
      if (message.kind === 'hosts') return;
      story = withMessage(story, message);
      const bytes = encode('message', message);
      for (const reader of [...readers]) send(reader, bytes);
    },
    open: () => {
      if (readers.size >= mostReaders) return undefined;
      let own: ReadableStreamDefaultController<Uint8Array>;
      return new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            own = controller;
            readers.add(controller);
            send(controller, encode('story', story));
            if (isClosed) end(controller);
          },
          cancel: () => {
            readers.delete(own);
          },
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
function encode(event: 'story' | 'message', data: Story | LabMessage): Uint8Array {
  return encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
