import type { MeshRow, Retry, SessionRow } from './status.js';

/** What is wrong with one session or mesh peer. */
export interface RowProblem {
  /** `session abc-123 (AS4242421080)`. */
  readonly name: string;
  readonly words: string;
  /** When the agent tries again, in words. */
  readonly retry: string | undefined;
  /** True where the only cause is that BIRD does not run, or sees no interface. */
  readonly isForWantOfBird: boolean;
}

/** Refused sessions come last: there may be thousands, and nothing that runs depends on them. */
export function sessionProblems(rows: readonly SessionRow[], nowSeconds: number): RowProblem[] {
  const isRefused = ({ state }: SessionRow) => Number(state === 'refused');
  const sorted = rows.toSorted((a, b) => isRefused(a) - isRefused(b));
  return sorted.flatMap((row) => {
    const words = row.error ?? (row.state === 'waiting' ? describeWaiting(row) : undefined);
    if (words === undefined) return [];
    const name = `session ${row.uuid}${row.asn === undefined ? '' : ` (AS${row.asn})`}`;
    const retry = row.retry && describeRetry(row.retry, nowSeconds);
    const all = row.doubt === undefined ? words : `${words}; ${row.doubt}`;
    return [{ name, words: all, retry, isForWantOfBird: row.error === undefined }];
  });
}

export function meshProblems(rows: readonly MeshRow[], nowSeconds: number): RowProblem[] {
  return rows.flatMap(({ nodeId, error, retry: waits }) => {
    if (error === undefined) return [];
    const retry = waits && describeRetry(waits, nowSeconds);
    return [{ name: `mesh peer ${nodeId}`, words: error, retry, isForWantOfBird: false }];
  });
}

function describeWaiting({ tunnel, bgp }: SessionRow): string {
  const handshake =
    tunnel?.handshakeSecondsAgo === undefined ? 'no WireGuard handshake yet' : 'the tunnel has a handshake';
  return `BGP is ${bgp?.state ?? 'not running'}${bgp?.info ? ` (${bgp.info})` : ''}; ${handshake}`;
}

/** One sentence each, without those that the node's own problems already explain. */
export function describeRowProblems(
  problems: readonly RowProblem[],
  ofNode: readonly string[],
  noSessions: boolean,
): string[] {
  return problems
    .filter(({ words, isForWantOfBird }) => !ofNode.includes(words) && !(noSessions && isForWantOfBird))
    .map(({ name, words, retry }) => `${name}: ${words}${retry === undefined ? '' : ` (${retry})`}`);
}

/** `tried 7 times, now once an hour, next try in 43 min`. */
export function describeRetry({ failures, atSeconds, isHourly }: Retry, nowSeconds: number): string {
  const times = failures === 1 ? 'tried once' : `tried ${failures} times`;
  const pace = isHourly ? ', now once an hour' : '';
  const minutes = Math.ceil((atSeconds - nowSeconds) / 60);
  return `${times}${pace}, next try in ${minutes} min`;
}
