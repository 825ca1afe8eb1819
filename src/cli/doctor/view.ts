import type { Diagnosis } from '../../doctor/finding.js';
import { moreAbout } from '../help/more.js';
import type { Style } from '../terminal/paint.js';
import type { Screen } from '../terminal/screen.js';
import { wrap } from '../terminal/table.js';
import { counted, printable } from '../terminal/text.js';

const styles: Readonly<Record<string, Style>> = { ok: 'good', warning: 'warn', fault: 'bad' };

const nameWidth = 15;
const levelWidth = 9;
const indent = ' '.repeat(nameWidth + levelWidth);

/** Each check with its findings; a remedy stands in a line of its own, to be copied. */
export function renderDiagnosis({ findings }: Diagnosis, view: Screen): string {
  let before = '';
  const lines = findings.flatMap(({ check, level, text, remedy }) => {
    const name = check === before ? '' : check;
    before = check;
    const [first = '', ...rest] = lay(printable(text), view.width);
    return [
      `${name.padEnd(nameWidth)}${view.paint(styles[level] ?? 'warn', level.padEnd(levelWidth))}${first}`,
      ...rest.map((line) => indent + line),
      ...(remedy === undefined ? [] : [`${indent}$ ${printable(remedy)}`]),
    ];
  });
  const count = (level: string) => findings.filter((finding) => finding.level === level).length;
  const [faults, warnings] = [count('fault'), count('warning')];
  const sum = [faults > 0 && counted(faults, 'fault'), warnings > 0 && counted(warnings, 'warning')];
  const words = sum.filter(Boolean).join(', ') || 'nothing is wrong';
  const bad = findings.flatMap(({ level, text }) => (level === 'ok' ? [] : [text]));
  return `${[...lines, '', words, ...moreAbout(bad, view.page)].join('\n')}\n`;
}

function lay(text: string, width: number): string[] {
  return Number.isFinite(width) ? wrap(text, Math.max(20, width - indent.length)) : [text];
}
