import type { Trouble } from '../../core/verdict/trouble-kind.js';
import type { MeshRow, Retry, SessionRow } from './status.js';

/** What is wrong with one session or mesh peer. */
export interface RowProblem {
  /** `session abc-123 (AS4242421080)`. */
  readonly name: string;
  readonly trouble: Trouble;
}

/** Those that a person must look at come first; refused sessions last: there may be thousands, and nothing that runs depends on them. */
export function sessionProblems(rows: readonly SessionRow[]): RowProblem[] {
  const weight = ({ state, trouble }: SessionRow) =>
    state === 'refused' ? 2 : Number(trouble?.kind !== 'needs-you');
  return rows
    .toSorted((a, b) => weight(a) - weight(b))
    .flatMap(({ uuid, asn, trouble }) => {
      const name = `session ${uuid}${asn === undefined ? '' : ` (AS${asn})`}`;
      return trouble ? [{ name, trouble }] : [];
    });
}

export function meshProblems(rows: readonly MeshRow[]): RowProblem[] {
  return rows.flatMap(({ nodeId, trouble }) => (trouble ? [{ name: `mesh peer ${nodeId}`, trouble }] : []));
}

/** One sentence each, without those that the node's own problems already explain. */
export function describeRowProblems(problems: readonly RowProblem[], ofNode: readonly string[]): string[] {
  return problems
    .filter(({ trouble }) => !ofNode.includes(trouble.words) && !trouble.isOfNode)
    .map(
      ({ name, trouble: { words, next } }) => `${name}: ${words}${next === undefined ? '' : ` (${next})`}`,
    );
}

/** `LIKELY CAUSE: BGP is Active (Socket: Connection refused); no WireGuard handshake yet`. */
export function describeWaiting(
  { tunnel, bgp }: Pick<SessionRow, 'tunnel' | 'bgp'>,
  likelyCause: string | undefined,
): string {
  const state = `BGP is ${bgp?.state ?? 'not running'}${bgp?.info ? ` (${bgp.info})` : ''}`;
  const cause = likelyCause === undefined ? '' : `${likelyCause}: `;
  return `${cause}${state}; ${describeHandshake(tunnel?.handshakeSecondsAgo)}`;
}

function describeHandshake(secondsAgo: number | undefined): string {
  if (secondsAgo === undefined) return 'no WireGuard handshake yet';
  if (secondsAgo <= freshSeconds) return 'the tunnel has a handshake';
  const minutes = Math.round(secondsAgo / 60);
  const age = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return `the last WireGuard handshake was ${age} ago`;
}

// WireGuard drops a session key after 180 s (REJECT_AFTER_TIME).
const freshSeconds = 180;

/** `tried 7 times, now once an hour, next try in 43 min`. */
export function describeRetry({ failures, atSeconds, isHourly }: Retry, nowSeconds: number): string {
  const times = failures === 1 ? 'tried once' : `tried ${failures} times`;
  const pace = isHourly ? ', now once an hour' : '';
  const minutes = Math.ceil((atSeconds - nowSeconds) / 60);
  return `${times}${pace}, next try in ${minutes} min`;
}
