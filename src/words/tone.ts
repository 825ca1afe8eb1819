/** How good or bad something is; the terminal and the page each have colors for it. */
export type Tone = 'good' | 'warn' | 'bad' | 'dim';

const states: Readonly<Record<string, Tone>> = {
  ok: 'good',
  waiting: 'warn',
  degraded: 'bad',
  error: 'bad',
  refused: 'bad',
  disabled: 'warn',
  ignored: 'dim',
};

/** The tone of each state, the same everywhere. */
export function toneOfState(state: string): Tone {
  return states[state] ?? 'warn';
}
