import { describeRetry } from '../../shell/status/row-problems.js';
import type { MeshRow, SessionRow, TunnelState } from '../../shell/status/status.js';
import { type Paint, stateStyle } from '../terminal/paint.js';
import { type Cell, type Column, type Row, renderTable, truncate } from '../terminal/table.js';
import { printable } from '../terminal/text.js';
import { formatBytes, formatDuration, formatMs } from '../terminal/units.js';

const sessionColumns: readonly Column[] = [
  { title: 'SESSION', rank: 0 },
  { title: 'STATE', rank: 0 },
  { title: 'INTERFACE', rank: 2 },
  { title: 'HANDSHAKE', rank: 3 },
  { title: 'BGP', rank: 1 },
  { title: 'SINCE', rank: 7 },
  { title: 'RTT', rank: 4, align: 'right' },
  { title: 'TIER', rank: 6, align: 'right' },
  { title: 'IN', rank: 5, align: 'right' },
  { title: 'OUT', rank: 5, align: 'right' },
  { title: 'RX', rank: 6, align: 'right' },
  { title: 'TX', rank: 6, align: 'right' },
  { title: 'DESCRIPTION', rank: 8 },
];

const meshColumns: readonly Column[] = [
  { title: 'MESH', rank: 0 },
  { title: 'INTERFACE', rank: 1 },
  { title: 'HANDSHAKE', rank: 0 },
  { title: 'IBGP', rank: 1 },
  { title: 'RTT', rank: 2, align: 'right' },
  { title: 'RX', rank: 3, align: 'right' },
  { title: 'TX', rank: 3, align: 'right' },
];

/** The most refused sessions in the table: thousands would push everything else off the screen. */
const mostRefused = 40;

/** Sessions that need a look come first. */
const order: readonly SessionRow['state'][] = [
  'error',
  'degraded',
  'refused',
  'disabled',
  'waiting',
  'ok',
  'ignored',
];

export function renderSessions(
  sessions: readonly SessionRow[],
  { width, paint, nowSeconds }: ViewOptions,
): string[] {
  if (sessions.length === 0) return ['no sessions'];
  const sorted = sessions.toSorted(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || (a.asn ?? 0) - (b.asn ?? 0),
  );
  const surplus = new Set(sorted.filter(({ state }) => state === 'refused').slice(mostRefused));
  const rows = sorted
    .filter((session) => !surplus.has(session))
    .map((session) => sessionRow(session, nowSeconds));
  const table = renderTable(sessionColumns, rows, width, paint);
  return surplus.size === 0
    ? table
    : [...table, `${surplus.size} more refused sessions: moenet-agent status --json`];
}

function sessionRow(session: SessionRow, nowSeconds: number): Row {
  return {
    cells: [
      { text: session.asn === undefined ? printable(session.uuid) : `AS${session.asn}` },
      { text: session.state, style: stateStyle(session.state) },
      { text: printable(session.interface ?? '') },
      ...tunnelCells(session.tunnel, session.state === 'ignored'),
      bgpCell(session.bgp?.state),
      { text: printable(session.bgp?.since ?? '') },
      { text: session.rttMs === undefined ? '' : formatMs(session.rttMs) },
      { text: count(session.latencyTier) },
      { text: count(session.routesImported) },
      { text: count(session.routesExported) },
      ...trafficCells(session.tunnel),
      { text: truncate(printable(session.description ?? ''), 40), style: 'dim' },
    ],
    ...noteOf(session, nowSeconds),
  };
}

function noteOf({ error, retry }: SessionRow | MeshRow, nowSeconds: number): { note?: string } {
  if (error === undefined) return {};
  return { note: printable(retry ? `${error} (${describeRetry(retry, nowSeconds)})` : error) };
}

function bgpCell(state: string | undefined): Cell {
  if (state === undefined) return { text: '' };
  const established = state.toLowerCase() === 'established';
  return { text: printable(state), style: established ? 'good' : 'warn' };
}

export function renderMesh(mesh: readonly MeshRow[], { width, paint, nowSeconds }: ViewOptions): string[] {
  if (mesh.length === 0) return [];
  const rows = mesh.map((peer) => ({
    cells: [
      { text: `${peer.nodeId} ${printable(peer.name)}` },
      { text: printable(peer.interface) },
      ...tunnelCells(peer.tunnel, false),
      bgpCell(peer.bgp),
      { text: peer.rttMs === undefined ? '' : formatMs(peer.rttMs) },
      ...trafficCells(peer.tunnel),
    ],
    ...noteOf(peer, nowSeconds),
  }));
  return renderTable(meshColumns, rows, width, paint);
}

// WireGuard drops a session key after 180 s (REJECT_AFTER_TIME); with an older handshake the tunnel is dead.
const rejectAfterSeconds = 180;

function tunnelCells(tunnel: TunnelState | undefined, ignored: boolean): Cell[] {
  if (!tunnel?.present) return [ignored ? { text: '' } : { text: 'no tunnel', style: 'bad' }];
  const age = tunnel.handshakeSecondsAgo;
  if (age === undefined) return [{ text: 'never', style: 'warn' }];
  return [{ text: `${formatDuration(age)} ago`, style: age > rejectAfterSeconds ? 'warn' : 'good' }];
}

function trafficCells(tunnel: TunnelState | undefined): Cell[] {
  if (!tunnel?.present) return [{ text: '' }, { text: '' }];
  return [{ text: formatBytes(tunnel.rxBytes) }, { text: formatBytes(tunnel.txBytes) }];
}

function count(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}

export interface ViewOptions {
  /** Columns in a line; Infinity where it is no terminal. */
  readonly width: number;
  readonly paint: Paint;
  readonly nowSeconds: number;
}
