import type { GroupKey } from '../../words/groups.js';
import type { Tone } from '../../words/tone.js';

/** How each group is called: color is never the only sign. */
export const groupWords: Readonly<Record<GroupKey, string>> = {
  'needs-you': 'needs you',
  working: 'working on it',
  'peer-side': "peer's side",
  up: 'up',
  mesh: 'up',
  off: 'off',
};

/** The sign of a group, around the origin, about 10 pixels wide. */
export function GroupSign({ group }: { readonly group: GroupKey }) {
  if (group === 'needs-you') return <path class="sign bad" d="M0-6 6.5 5.5h-13z" />;
  if (group === 'working') return <path class="sign warn" d="M0-6 6 0 0 6-6 0z" />;
  if (group === 'peer-side') return <circle class="sign warn hollow" r="4.4" />;
  if (group === 'off') return <circle class="sign dim hollow" r="3" />;
  if (group === 'mesh') return <rect class="sign good" x="-5" y="-5" width="10" height="10" rx="2" />;
  return <circle class="sign good" r="5" />;
}

export function GroupMark({ group }: { readonly group: GroupKey }) {
  return (
    <span class="mark">
      <svg class="glyph" viewBox="-8 -8 16 16" aria-hidden="true">
        <GroupSign group={group} />
      </svg>
      {groupWords[group]}
    </span>
  );
}

/** Words in the color of their tone, with a sign for those who do not see it. */
export function Toned({ tone, children }: { readonly tone: Tone | undefined; readonly children: string }) {
  return <span class={tone ?? ''}>{children}</span>;
}

const healthSigns = { ok: '✓', degraded: '!' } as const;

export function HealthMark({ health }: { readonly health: 'ok' | 'degraded' }) {
  return (
    <span class={`health ${health === 'ok' ? 'good' : 'bad'}`}>
      <span aria-hidden="true">{healthSigns[health]}</span> {health}
    </span>
  );
}
