const minuteMs = 60_000;

/** So many may be sent in any minute. Times are of a monotonic clock. */
export interface MinuteShare {
  /** How long to wait for the next one. */
  waitMs(nowMs: number): number;
  sent(nowMs: number): void;
}

export function minuteShare(most: number): MinuteShare {
  const sentMs: number[] = [];
  return {
    waitMs: (nowMs) => {
      while (sentMs[0] !== undefined && sentMs[0] <= nowMs - minuteMs) sentMs.shift();
      return sentMs[0] === undefined || sentMs.length < most ? 0 : sentMs[0] + minuteMs - nowMs;
    },
    sent: (nowMs) => void sentMs.push(nowMs),
  };
}
