import type { PingResult } from '../../shell/ports/host.js';

/**
 * Reads what `fping -q -C N` prints on stderr, one line per target with the round-trip time of each probe in
 * milliseconds, `-` where no answer came (fping(8), option -C): `192.0.2.1 : 0.21 - 0.18`. Other lines, such as ICMP
 * errors, are passed over.
 */
export function parsePings(text: string): ReadonlyMap<string, PingResult> {
  const results = new Map<string, PingResult>();
  for (const line of text.split('\n')) {
    const match = /^(\S+)\s+:((?: (?:-|\d+(?:\.\d+)?))+)\s*$/.exec(line);
    if (match) results.set(match[1] ?? '', toResult((match[2] ?? '').trim().split(' ')));
  }
  return results;
}

/** The median of the probes that were answered: the first over a new tunnel waits for its handshake. */
function toResult(probes: readonly string[]): PingResult {
  const answered = probes.filter((probe) => probe !== '-').map(Number);
  const sorted = answered.toSorted((a, b) => a - b);
  return {
    rttMs: sorted[Math.floor((sorted.length - 1) / 2)],
    loss: 1 - answered.length / probes.length,
  };
}
