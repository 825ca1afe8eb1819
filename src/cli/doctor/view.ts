import type { Diagnosis } from '../../doctor/finding.js';
import { counted, printable } from '../../words/text.js';
import { moreAbout } from '../help/more.js';
import type { Style } from '../terminal/paint.js';
import type { Screen } from '../terminal/screen.js';
import { lineBeside, wrap, wrapBeside } from '../terminal/table.js';

const styles: Readonly<Record<string, Style>> = { ok: 'good', warning: 'warn', fault: 'bad' };

const nameWidth = 15;
const levelWidth = 9;

/** Each check with its findings; a remedy stands in a line of its own, to be copied. */
export function renderDiagnosis({ findings }: Diagnosis, view: Screen): string {
  let before = '';
  const lines = findings.flatMap(({ check, level, text, remedy }) => {
    const name = check === before ? '' : check;
    before = check;
    const label = `${name.padEnd(nameWidth)}${view.paint(styles[level] ?? 'warn', level.padEnd(levelWidth))}`;
    return [
      ...wrapBeside(label, printable(text), view.width),
      ...(remedy === undefined
        ? []
        : [lineBeside(nameWidth + levelWidth, `$ ${printable(remedy)}`, view.width)]),
    ];
  });
  const count = (level: string) => findings.filter((finding) => finding.level === level).length;
  const [faults, warnings] = [count('fault'), count('warning')];
  const sum = [faults > 0 && counted(faults, 'fault'), warnings > 0 && counted(warnings, 'warning')];
  const words = sum.filter(Boolean).join(', ') || 'nothing is wrong';
  const bad = findings.flatMap(({ level, text }) => (level === 'ok' ? [] : [text]));
  const more = moreAbout(bad, view.page).flatMap((line) => wrap(line, view.width));
  return `${[...lines, '', words, ...more].join('\n')}\n`;
}
