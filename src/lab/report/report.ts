import type { CheckResult } from '../checks/checks.js';
import { renderColumns } from './columns.js';
import type { Paint } from './paint.js';
import { seconds } from './progress.js';
import type { Row } from './rows.js';

const titles = [
  'SESSION',
  'POLICY',
  'KIND',
  'PEER',
  'ROW BY',
  'HANDSHAKE',
  'BGP',
  'UP AFTER',
  'RECOVERED IN',
  'ROUTES',
  'RTT',
  'CONTROL PLANE WAS TOLD',
];

/** The table of sessions, with its title line. */
export function renderTable(rows: readonly Row[], paint: Paint): string {
  const cells = rows.map((row) => renderRow(row, paint));
  return renderColumns(titles, cells, paint);
}

function renderRow(row: Row, paint: Paint): string[] {
  const { handshakeSecondsAgo, establishedAfterMs, rttMs } = row;
  return [
    row.session,
    row.policy,
    row.kind,
    row.daemon,
    row.writer,
    handshakeSecondsAgo === undefined ? 'never' : `${handshakeSecondsAgo} s ago`,
    paint(row.bgpState === 'Established' ? 'green' : 'yellow', row.bgpState),
    establishedAfterMs === undefined ? '-' : seconds(establishedAfterMs),
    row.recoveries.map(recovered).join(', ') || '-',
    String(row.routesImported),
    rttMs === undefined ? '-' : `${rttMs.toFixed(1)} ms`,
    row.told.map(({ status, afterMs }) => `${status} (${seconds(afterMs)})`).join(', ') || 'nothing yet',
  ];
}

/** `8.2 s (ip link del)` */
function recovered({ fault, afterMs }: Row['recoveries'][number]): string {
  return `${afterMs === undefined ? 'never' : seconds(afterMs)} (${fault})`;
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
