import type { LabMessage } from '../../lab/story/messages.js';
import { type Story, withMessage } from '../../lab/story/story.js';

/** Hands over the story with each change, until the returned function is called; undefined while the lab does not answer. */
export function followStory(onStory: (story: Story | undefined) => void): () => void {
  // It comes back by itself after a break, and gets the whole story then.
  const source = new EventSource('page/live');
  let story: Story | undefined;

  function show(next: Story): void {
    story = next;
    onStory(story);
    // Nothing comes after the end, and nobody is there any more.
    if (story.ended !== undefined) source.close();
  }

  source.addEventListener('story', ({ data }) => show(JSON.parse(data)));
  source.addEventListener('message', ({ data }) => {
    const message: LabMessage = JSON.parse(data);
    if (story) show(withMessage(story, message));
  });
  source.addEventListener('error', () => {
    if (story?.ended === undefined) onStory(undefined);
  });
  return () => source.close();
}
