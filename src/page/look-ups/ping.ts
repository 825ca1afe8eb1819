interface Reply {
  readonly sequence: number;
  /** Undefined: no answer. */
  readonly ms: number | undefined;
}

export interface PingResult {
  readonly replies: readonly Reply[];
  /** `4 packets transmitted, 4 received, 0% packet loss, time 905ms`, in ping's own words. */
  readonly summary: string;
}

/** What ping(8) of iputils says; undefined where it says something else. */
export function parsePing(text: string): PingResult | undefined {
  const summary = /^(\d+) packets transmitted, .*$/m.exec(text);
  if (!summary) return undefined;
  const times = new Map<number, number>();
  for (const [, sequence, ms] of text.matchAll(/\bicmp_seq=(\d+) .*\btime[=<]([\d.]+) ms/g))
    times.set(Number(sequence), Number(ms));
  const replies = Array.from({ length: Math.min(100, Number(summary[1])) }, (_, index) => ({
    sequence: index + 1,
    ms: times.get(index + 1),
  }));
  return { replies, summary: summary[0] };
}
