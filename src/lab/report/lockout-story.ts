import { differing } from '../hosts/bird-configuration.js';
import { filesChanged, type Lockout, lockedOutMs, type Running, timesLoaded } from '../lockout.js';
import { seconds } from './progress.js';

/** How a policy cut a node off from the control plane, and how it came back: a line for each thing seen. */
export function lockoutStory(lockout: Lockout, controlPlane: string): string[] {
  const { before, after, reason } = lockout;
  if (!before || !after) return [];
  const loaded = `for 120 s (configure timeout); no route to ${controlPlane} any more`;
  return [
    `before  ${before.sessions}`,
    `loaded  ${timesLoaded(lockout) > 0 ? loaded : 'never'}`,
    `undone  ${undone(lockout)}; ${files(before, after)}`,
    `status  ${reason ?? 'says nothing of it'}`,
    `after   ${after.sessions}`,
  ];
}

function undone(lockout: Lockout): string {
  const ms = lockedOutMs(lockout);
  return ms === undefined ? 'never' : `after ${seconds(ms)}`;
}

/** What the next start of BIRD would load. */
function files({ bird: before }: Running, { bird: after }: Running): string {
  const changed = filesChanged(before, after);
  if (changed.length > 0) return `files not as before: ${changed.join(', ')}`;
  const isSame = differing(before.files, after.files).length === 0;
  return `its ${after.files.size} files as before, ${isSame ? 'byte for byte' : 'but for the latency measured since'}`;
}
