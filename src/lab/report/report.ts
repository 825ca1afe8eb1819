import { stripVTControlCharacters, styleText } from 'node:util';
import type { CheckResult } from '../checks/checks.js';
import { seconds } from './progress.js';
import type { Row } from './rows.js';

/** Colours text, or does not. */
export type Paint = (colour: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string) => string;

/** Colours only on a terminal whose user has not said otherwise (no-color.org). */
export function makePaint(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  const coloured = isTerminal && !env['NO_COLOR'];
  return (colour, text) => (coloured ? styleText(colour, text, { validateStream: false }) : text);
}

const titles = ['SESSION', 'KIND', 'HANDSHAKE', 'BGP', 'UP AFTER', 'ROUTES', 'RTT', 'CONTROL PLANE WAS TOLD'];

/** The table of sessions, with its title line. */
export function renderTable(rows: readonly Row[], paint: Paint): string {
  const cells = rows.map((row) => renderRow(row, paint));
  const table = [titles.map((title) => paint('bold', title)), ...cells];
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

function renderRow(row: Row, paint: Paint): string[] {
  const { handshakeSecondsAgo, establishedAfterMs, rttMs } = row;
  return [
    row.session,
    row.kind,
    handshakeSecondsAgo === undefined ? 'never' : `${handshakeSecondsAgo} s ago`,
    paint(row.bgpState === 'Established' ? 'green' : 'yellow', row.bgpState),
    establishedAfterMs === undefined ? '-' : seconds(establishedAfterMs),
    String(row.routesImported),
    rttMs === undefined ? '-' : `${rttMs.toFixed(1)} ms`,
    row.told.map(({ status, afterMs }) => `${status} (${seconds(afterMs)})`).join(', ') || 'nothing yet',
  ];
}

/** What did not hold, each with what was seen instead; one line where everything did. */
export function renderChecks(checks: readonly CheckResult[], paint: Paint): string {
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return paint('green', `✓ all ${checks.length} checks hold`);
  const lines = failed.map(({ name, seen }) => `${paint('red', '✗')} ${name}: ${seen ?? ''}`);
  return [`${checks.length - failed.length} of ${checks.length} checks hold; not these:`, ...lines].join(
    '\n',
  );
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

function pad(text: string, toWidth: number): string {
  return text + ' '.repeat(Math.max(0, toWidth - width(text)));
}
