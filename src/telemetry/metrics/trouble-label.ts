import type { SessionRow } from '../../shell/status/status.js';

const labels = { 'needs-you': 'needs_you', working: 'working', 'peer-side': 'peer_side' } as const;

/** The verdict's word for who has to act, as a label; undefined where there is no trouble. */
export function kindLabel(trouble: SessionRow['trouble']): string | undefined {
  return trouble && labels[trouble.kind];
}
