import { describeRetry } from '../shell/status/row-problems.js';
import type { MeshRow, SessionRow, TunnelState } from '../shell/status/status.js';
import { printable } from './text.js';
import type { Tone } from './tone.js';
import { formatDuration } from './units.js';
import { withoutAsn } from './without-asn.js';

/** A session's name without its ASN, which stands beside it; its interface where it has no name. */
export function nameOfRow({ asn, description, interface: tunnel }: SessionRow): string {
  return withoutAsn(description ?? '', asn) || (tunnel ?? '');
}

/** What is wrong with a row, and what comes next. Where the node itself is the cause, its own problem says so. */
export function troubleOfRow(
  { trouble, error, retry }: SessionRow | MeshRow,
  nowSeconds: number,
): string | undefined {
  if (trouble?.isOfNode) return undefined;
  const words = trouble?.words ?? error;
  if (words === undefined) return undefined;
  const next = trouble ? trouble.next : retry && describeRetry(retry, nowSeconds);
  return next === undefined ? words : `${words} (${next})`;
}

/** Words with how good or bad they are. */
export interface Toned {
  readonly text: string;
  readonly style?: Tone;
}

export function bgpWords(state: string | undefined): Toned {
  if (state === undefined) return { text: '' };
  const established = state.toLowerCase() === 'established';
  return { text: printable(state), style: established ? 'good' : 'warn' };
}

// WireGuard drops a session key after 180 s (REJECT_AFTER_TIME); with an older handshake the tunnel is dead.
const rejectAfterSeconds = 180;

/** `12s ago`, `never`, `no tunnel`; nothing where there is to be none. */
export function tunnelWords(tunnel: TunnelState | undefined, isIgnored: boolean): Toned {
  if (!tunnel?.present) return isIgnored ? { text: '' } : { text: 'no tunnel', style: 'bad' };
  const age = tunnel.handshakeSecondsAgo;
  if (age === undefined) return { text: 'never', style: 'warn' };
  return { text: `${formatDuration(age)} ago`, style: age > rejectAfterSeconds ? 'warn' : 'good' };
}

export function lossWords(loss: number | undefined): Toned {
  if (loss === undefined) return { text: '' };
  return { text: `${Math.round(loss * 100)}%`, ...(loss > 0 && { style: 'warn' as const }) };
}
