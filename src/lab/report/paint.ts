import { styleText } from 'node:util';

/** Colours text, or does not. */
export type Paint = (colour: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string) => string;

/** Colours only on a terminal whose user has not said otherwise (no-color.org). */
export function makePaint(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  const coloured = isTerminal && !env['NO_COLOR'];
  return (colour, text) => (coloured ? styleText(colour, text, { validateStream: false }) : text);
}
