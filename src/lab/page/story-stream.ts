import { openEventStreams } from '../../http/event-streams.js';
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

export function openStoryStream(): StoryStream {
  const streams = openEventStreams({ mostReaders: 16, mostBytes: 16 * 1024 * 1024 });
  let story: Story = emptyStory;
  return {
    tell: (message) => {
      // Only for who serves the page: where the hosts are is nothing that it shows.
      if (message.kind === 'hosts') return;
      story = withMessage(story, message);
      streams.send({ event: 'message', data: message });
    },
    open: () => streams.open(() => ({ event: 'story', data: story })),
    close: () => streams.close(),
  };
}
