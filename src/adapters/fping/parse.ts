import type { PingResult } from '../../shell/ports.js';

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

/** The mean of the probes that were answered. */
function toResult(probes: readonly string[]): PingResult {
  const answered = probes.filter((probe) => probe !== '-').map(Number);
  const sum = answered.reduce((total, rttMs) => total + rttMs, 0);
  return {
    rttMs: answered.length === 0 ? undefined : sum / answered.length,
    loss: 1 - answered.length / probes.length,
  };
}
