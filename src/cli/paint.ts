import type { Output } from './commands.js';

const codes = { good: 32, warn: 33, bad: 31, dim: 2, bold: 1 } as const;

export type Style = keyof typeof codes;
export type Paint = (style: Style, text: string) => string;

/** Colours on a terminal, unless `NO_COLOR` (no-color.org) or `TERM=dumb` says otherwise; plain text elsewhere. */
export function makePaint(output: Output, env: Readonly<Record<string, string | undefined>>): Paint {
  const plain = !output.isTTY || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  return plain ? (_, text) => text : (style, text) => `\x1b[${codes[style]}m${text}\x1b[0m`;
}

const stateStyles: Readonly<Record<string, Style>> = {
  ok: 'good',
  waiting: 'warn',
  degraded: 'bad',
  error: 'bad',
  refused: 'bad',
  disabled: 'warn',
  ignored: 'dim',
};

/** The style that a state's word has everywhere. */
export function stateStyle(state: string): Style {
  return stateStyles[state] ?? 'warn';
}

export function paintState(paint: Paint, state: string): string {
  return paint(stateStyle(state), state);
}
