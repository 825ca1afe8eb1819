import { type PictureState, sessionState } from '../../lab/story/states.js';
import type { Story } from '../../lab/story/story.js';

/** True for a peer whose session the control plane has deleted: the picture is of what is there. */
export function isGone({ look }: Story, asn: number): boolean {
  return look?.sessions.some((session) => session.asn === asn && session.told === 'deleted') ?? false;
}

/** The state of a peer's session; before the first look at the hosts it is coming. */
export function sessionOf(
  story: Story,
  asn: number,
): { readonly state: PictureState; readonly words: string } {
  const seen = story.look?.sessions.find((session) => session.asn === asn);
  return seen ? sessionState(story, seen) : { state: 'coming', words: 'starts' };
}
