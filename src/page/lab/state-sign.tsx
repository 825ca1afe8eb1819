import type { PictureState } from '../../lab/story/states.js';
import { GroupSign } from '../parts/marks.js';

const groups = { up: 'up', coming: 'working', down: 'needs-you', off: 'off' } as const;

/** The sign of a state, around the origin: color is never the only one. */
export function StateSign({ state }: { readonly state: PictureState }) {
  return <GroupSign group={groups[state]} />;
}

export const stateTones = { up: 'good', coming: 'warn', down: 'bad', off: 'dim' } as const;
