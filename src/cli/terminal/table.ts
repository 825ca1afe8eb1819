import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import type { Paint, Style } from './paint.js';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
  /** Columns with the highest number go first where the terminal is narrow; 0 always stays. */
  readonly rank: number;
}

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** A line of its own below the row, wrapped. */
  readonly note?: string;
  /** Lines of their own above the row, at most as wide as the table may be. */
  readonly above?: readonly string[];
}

const gap = '  ';
const ellipsis = '..';
const graphemes = new Intl.Segmenter();

/** Lines of an aligned table at most `width` columns of the terminal wide. A column that is empty in every row is left out. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly Row[],
  width: number,
  paint: Paint,
): string[] {
  const shown = fitColumns(columns, rows, width);
  const header = columns.map(({ title }) => ({ text: title, style: 'dim' as const }));
  return [{ cells: header }, ...rows].flatMap((row: Row) => [
    ...(row.above ?? []),
    renderRow(shown, row, paint),
    ...(row.note === undefined ? [] : wrap(row.note, width, '    ')),
  ]);
}

interface ShownColumn extends Column {
  readonly index: number;
  readonly width: number;
}

function fitColumns(columns: readonly Column[], rows: readonly Row[], width: number): readonly ShownColumn[] {
  let shown = columns
    .map((column, index) => ({ ...column, index, width: contentWidth(column, rows, index) }))
    .filter(({ index }) => rows.some((row) => row.cells[index]?.text));
  while (totalWidth(shown) > width) {
    const least = Math.max(...shown.map((column) => column.rank));
    if (least <= 0) break;
    // Columns of one rank say something only together, as what came in and what went out.
    shown = shown.filter((column) => column.rank !== least);
  }
  return shrink(shown, width);
}

/** Where even the columns that must stay are too wide, the widest column shrinks. */
function shrink(columns: readonly ShownColumn[], width: number): readonly ShownColumn[] {
  const excess = totalWidth(columns) - width;
  if (excess <= 0) return columns;
  const widest = columns.reduce((most, column) => (column.width > most.width ? column : most));
  return columns.map((column) =>
    column === widest ? { ...column, width: Math.max(4, column.width - excess) } : column,
  );
}

function contentWidth(column: Column, rows: readonly Row[], index: number): number {
  return Math.max(column.title.length, ...rows.map((row) => stringWidth(row.cells[index]?.text ?? '')));
}

function totalWidth(columns: readonly ShownColumn[]): number {
  return columns.reduce((sum, column) => sum + column.width + gap.length, -gap.length);
}

function renderRow(columns: readonly ShownColumn[], row: Row, paint: Paint): string {
  return columns
    .map((column) => {
      const { text = '', style } = row.cells[column.index] ?? {};
      const short = truncate(text, column.width);
      const space = ' '.repeat(Math.max(0, column.width - stringWidth(short)));
      const painted = style && short ? paint(style, short) : short;
      return column.align === 'right' ? space + painted : painted + space;
    })
    .join(gap)
    .trimEnd();
}

/** A text of at most `width` columns, cut between characters. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let short = '';
  for (const { segment } of graphemes.segment(text)) {
    if (stringWidth(short + segment) > Math.max(1, width - ellipsis.length)) break;
    short += segment;
  }
  return short + ellipsis;
}

/**
 * Words in lines of at most `width` columns, each after `indent`; one line where `width` is Infinity. A word that is longer
 * than a line goes on in the next.
 */
export function wrap(text: string, width: number, indent = ''): string[] {
  const columns = Math.max(1, width - indent.length);
  if (columns === Number.POSITIVE_INFINITY) return [indent + text];
  const lines = wrapAnsi(text, columns, { hard: true }).split('\n');
  return lines.map((line) => indent + line);
}

/** A line in lines of at most `width` columns. Where it begins with an indent, those that follow stand two columns further in. */
export function wrapLine(line: string, width: number): string[] {
  const [indent = ''] = /^ */.exec(line) ?? [];
  const [first = '', ...rest] = wrap(line.slice(indent.length), width, indent === '' ? '' : `${indent}  `);
  return [indent + first.trimStart(), ...rest];
}

/** Where fewer columns are left beside a label, the words stand below it. */
const narrowest = 24;
const below = ' '.repeat(4);

function isBelow(column: number, width: number): boolean {
  return width - column < narrowest;
}

/** A line that is never wrapped, to be copied, under words that stand beside a label of `column` columns. */
export function lineBeside(column: number, line: string, width: number): string {
  return `${isBelow(column, width) ? below : ' '.repeat(column)}${line}`;
}

/** Words beside a label, which may have colors; in lines below it where the terminal is too narrow for them. */
export function wrapBeside(label: string, text: string, width: number): string[] {
  const column = stringWidth(label);
  if (isBelow(column, width) && column + stringWidth(text) > width) {
    const short = label.replace(/^ +/, '  ').trimEnd();
    return [...(short === '' ? [] : [short]), ...wrap(text, width, below)];
  }
  const [first = '', ...rest] = wrap(text, width, ' '.repeat(column));
  return [label + first.slice(column), ...rest];
}
