import { stripVTControlCharacters } from 'node:util';
import type { Paint } from './paint.js';

/** Lines of cells as a table, with titles; colours in the cells do not count. */
export function renderColumns(
  titles: readonly string[],
  lines: readonly (readonly string[])[],
  paint: Paint,
): string {
  const table = [titles.map((title) => paint('bold', title)), ...lines];
  const widths = titles.map((_, column) => Math.max(...table.map((line) => width(line[column] ?? ''))));
  return table
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

function pad(text: string, toWidth: number): string {
  return text + ' '.repeat(Math.max(0, toWidth - width(text)));
}
