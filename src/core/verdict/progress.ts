/** The progress of the passes. All times in ms of one monotonic clock. */
export interface PassProgress {
  /** When the agent began. */
  readonly beganMs: number;
  /** When the last pass that read the system ended; undefined before the first. */
  readonly completedMs: number | undefined;
  /** When the last pass ended, also one that failed. */
  readonly endedMs: number | undefined;
  /** What runs now, so that no pass can begin; undefined while nothing does. */
  readonly running:
    | {
        readonly sinceMs: number;
        /** When its last step ended, or when it began. */
        readonly lastStepMs: number;
        /** The steps that have begun and not ended, the oldest first: `reading BIRD's files`. */
        readonly steps: readonly string[];
      }
    | undefined;
}

/** The limits of single steps are shorter, except for a call to a control plane that sends its answer very slowly. */
const stalledAfterMs = 90_000;

/** Finding the change that cuts a large node off takes minutes, by halves. No pass takes this long. */
const endlessAfterMs = 30 * 60_000;

/**
 * What is wrong with the progress of the passes, in words that stay the same while it lasts; undefined where nothing is.
 * `longestGapMs`: how long it may take from the end of one pass to the beginning of the next.
 */
export function whyNoProgress(
  { beganMs, endedMs, running }: PassProgress,
  nowMs: number,
  longestGapMs: number,
): string | undefined {
  if (!running) {
    if (nowMs - (endedMs ?? beganMs) <= longestGapMs) return undefined;
    return `no pass has begun for more than ${minutes(longestGapMs)}: the agent repairs nothing and applies nothing new. ${remedy}`;
  }
  const isStalled = nowMs - running.lastStepMs > stalledAfterMs;
  if (!isStalled && nowMs - running.sinceMs <= endlessAfterMs) return undefined;
  const [step] = running.steps;
  const where = step === undefined ? '' : ` at: ${step}`;
  const what = isStalled ? `hangs${where}` : `has not ended for more than ${minutes(endlessAfterMs)}${where}`;
  return `the pass ${what}. Until it ends the agent repairs nothing and applies nothing new, and tunnels and sessions stay as they are. ${remedy}`;
}

const remedy =
  'A disk or a program that does not answer is the usual cause; systemd restarts the agent after WatchdogSec';

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}

/** Seconds, for people and metrics: since the last complete pass, and for how long one runs. */
export interface PassAges {
  /** Since the last pass ended that read the system; undefined before the first. */
  readonly completedSecondsAgo: number | undefined;
  /** For how long a pass has run; undefined while none does. */
  readonly runningSeconds: number | undefined;
}

export function passAges({ completedMs, running }: PassProgress, nowMs: number): PassAges {
  const secondsSince = (ms: number | undefined) =>
    ms === undefined ? undefined : Math.max(0, Math.floor((nowMs - ms) / 1000));
  return { completedSecondsAgo: secondsSince(completedMs), runningSeconds: secondsSince(running?.sinceMs) };
}
