import { formatBytes } from '../../core/explain/units.js';
import type { MeshRow, NodeStatus, SessionRow, TunnelState } from '../../shell/status/status.js';
import { type Group, groupRows, groupTitles, groupTones } from '../../words/groups.js';
import { bgpWords, lossWords, nameOfRow, troubleOfRow, tunnelWords } from '../../words/row-words.js';
import { printable } from '../../words/text.js';
import { formatMs } from '../../words/units.js';
import type { Screen } from '../terminal/screen.js';
import { sparkline } from '../terminal/sparkline.js';
import { type Cell, type Column, type Row, renderTable, truncate } from '../terminal/table.js';

const columns: readonly Column[] = [
  { title: 'ASN', rank: 0 },
  { title: 'NAME', rank: 3 },
  { title: 'TUNNEL', rank: 2 },
  { title: 'BGP', rank: 1 },
  { title: 'RTT', rank: 4, align: 'right' },
  { title: 'TREND', rank: 8 },
  { title: 'LOSS', rank: 6, align: 'right' },
  { title: 'IN', rank: 5, align: 'right' },
  { title: 'REFUSED', rank: 7, align: 'right' },
  { title: 'OUT', rank: 5, align: 'right' },
  { title: 'RX', rank: 9, align: 'right' },
  { title: 'TX', rank: 9, align: 'right' },
  { title: 'SINCE', rank: 10 },
  { title: 'INTERFACE', rank: 11 },
];

/** The most refused sessions in the table: thousands would push everything else off the screen. */
const mostRefused = 40;

/** Columns of the longest name. */
const nameWidth = 18;
const trendWidth = 12;
/** As wide as an ASN; a uuid is three times as wide, and its note has all of it. */
const idWidth = 12;

export interface ViewOptions extends Screen {
  readonly nowSeconds: number;
}

/** Sessions and mesh peers in one table, under headings that say who has to act. */
export function renderRows(
  status: Pick<NodeStatus, 'sessions' | 'mesh'>,
  { width, paint, nowSeconds }: ViewOptions,
): string[] {
  const refused = status.sessions.filter(({ state }) => state === 'refused');
  const surplus = new Set(refused.slice(mostRefused));
  const sessions = status.sessions.filter((row) => !surplus.has(row));
  const rows = groupRows({ sessions, mesh: status.mesh }).flatMap((group) =>
    groupOf(group, { paint, nowSeconds, more: group.key === 'needs-you' ? surplus.size : 0 }),
  );
  if (rows.length === 0) return ['no sessions'];
  const table = renderTable(columns, rows, width, paint);
  const missing = status.sessions.length === 0 ? ['no sessions'] : [];
  const more =
    surplus.size === 0 ? [] : [`${surplus.size} more refused sessions: moenet-agent status --json`];
  return [...table, ...more, ...missing];
}

/** The rows of a group; the first has the group's title above it. */
function groupOf(
  { key, sessions, mesh }: Group,
  { paint, nowSeconds, more }: Pick<ViewOptions, 'paint' | 'nowSeconds'> & { readonly more: number },
): Row[] {
  const rows = [
    ...sessions.map((row) => sessionRow(row, nowSeconds)),
    ...mesh.map((row) => meshRow(row, nowSeconds)),
  ];
  const heading = paint(groupTones[key], `${groupTitles[key]} (${rows.length + more})`);
  return rows.map((row, index) => (index === 0 ? { ...row, above: ['', heading] } : row));
}

function sessionRow(session: SessionRow, nowSeconds: number): Row {
  return {
    cells: [
      { text: session.asn === undefined ? truncate(printable(session.uuid), idWidth) : `AS${session.asn}` },
      { text: truncate(printable(nameOfRow(session)), nameWidth) },
      tunnelWords(session.tunnel, session.state === 'ignored'),
      bgpWords(session.bgp?.state),
      { text: session.rttMs === undefined ? '' : formatMs(session.rttMs) },
      { text: trendOf(session.rttHistory) },
      lossWords(session.loss),
      { text: count(session.routesImported) },
      refusedCell(session.routesRefused),
      { text: count(session.routesExported) },
      ...trafficCells(session.tunnel),
      { text: printable(session.bgp?.since ?? '') },
      { text: printable(session.interface ?? ''), style: 'dim' },
    ],
    ...noteOf(session, nowSeconds, session.asn === undefined ? `${session.uuid}: ` : ''),
  };
}

function meshRow(peer: MeshRow, nowSeconds: number): Row {
  return {
    cells: [
      { text: `node ${peer.nodeId}` },
      { text: truncate(printable(peer.name), nameWidth) },
      tunnelWords(peer.tunnel, false),
      bgpWords(peer.bgp),
      { text: peer.rttMs === undefined ? '' : formatMs(peer.rttMs) },
      { text: '' },
      lossWords(peer.loss),
      ...['', '', ''].map((text) => ({ text })),
      ...trafficCells(peer.tunnel),
      { text: '' },
      { text: printable(peer.interface), style: 'dim' },
    ],
    ...noteOf(peer, nowSeconds, ''),
  };
}

function noteOf(row: SessionRow | MeshRow, nowSeconds: number, name: string): { note?: string } {
  const words = troubleOfRow(row, nowSeconds);
  return words === undefined ? {} : { note: printable(`${name}${words}`) };
}

function trendOf(history: SessionRow['rttHistory'] = []): string {
  return history.some((value) => value !== null) ? sparkline(history, trendWidth) : '';
}

function refusedCell(refused: number | undefined): Cell {
  return { text: count(refused), ...(refused && { style: 'warn' as const }) };
}

function trafficCells(tunnel: TunnelState | undefined): Cell[] {
  if (!tunnel?.present) return [{ text: '' }, { text: '' }];
  return [{ text: formatBytes(tunnel.rxBytes) }, { text: formatBytes(tunnel.txBytes) }];
}

function count(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}
