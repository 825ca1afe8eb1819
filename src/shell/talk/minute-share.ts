const minuteMs = 60_000;

/** So many may be sent in any minute. Times are of a monotonic clock. */
export interface MinuteShare {
  /** How long to wait until `count` may be sent, or as many as a minute has room for. */
  waitMs(nowMs: number, count?: number): number;
  sent(nowMs: number): void;
}

export function minuteShare(most: number): MinuteShare {
  const sentMs: number[] = [];
  return {
    waitMs: (nowMs, count = 1) => {
      while (sentMs[0] !== undefined && sentMs[0] <= nowMs - minuteMs) sentMs.shift();
      const lastInTheWayMs = sentMs[sentMs.length + Math.min(count, most) - most - 1];
      return lastInTheWayMs === undefined ? 0 : lastInTheWayMs + minuteMs - nowMs;
    },
    sent: (nowMs) => void sentMs.push(nowMs),
  };
}
