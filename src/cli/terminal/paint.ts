import { styleText } from 'node:util';
import { toneOfState } from '../../words/tone.js';
import type { Output } from '../commands.js';

const formats = { good: 'green', warn: 'yellow', bad: 'red', dim: 'dim', bold: 'bold' } as const;

export type Style = keyof typeof formats;
export type Paint = (style: Style, text: string) => string;

/** Colours on a terminal, unless `NO_COLOR` (no-color.org) or `TERM=dumb` says otherwise; plain text elsewhere. */
export function makePaint(output: Output, env: Readonly<Record<string, string | undefined>>): Paint {
  const plain = !output.isTTY || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  // The output may be another stream than the process's own, which Node would ask.
  return plain
    ? (_, text) => text
    : (style, text) => styleText(formats[style], text, { validateStream: false });
}

export function paintState(paint: Paint, state: string): string {
  return paint(toneOfState(state), state);
}
