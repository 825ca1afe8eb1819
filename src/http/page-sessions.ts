import { createHash, randomBytes } from 'node:crypto';

/** Who has signed in to the page, by random ids that say nothing of the token. Only this process knows them. */
export interface PageSessions {
  /** A new one, in place of the oldest where there are too many. */
  open(): string;
  has(id: string | undefined): boolean;
  end(id: string | undefined): void;
}

interface SessionLimits {
  readonly nowMs: () => number;
  readonly most: number;
  readonly lifeMs: number;
}

/** Keeps digests, so that the time of a look-up tells nothing about an id. */
export function openPageSessions({ nowMs, most, lifeMs }: SessionLimits): PageSessions {
  const ends = new Map<string, number>();
  return {
    open: () => {
      for (const [key, endMs] of ends) if (endMs <= nowMs() || ends.size >= most) ends.delete(key);
      const id = randomBytes(32).toString('base64url');
      ends.set(keyOf(id), nowMs() + lifeMs);
      return id;
    },
    has: (id) => id !== undefined && (ends.get(keyOf(id)) ?? 0) > nowMs(),
    end: (id) => {
      if (id !== undefined) ends.delete(keyOf(id));
    },
  };
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}

/** Counts tries that failed: true while there were `perMinute` of them within the last minute. */
export interface Failures {
  isFull(): boolean;
  add(): void;
}

/** Counts for all callers together: behind a forwarded port they have one address. */
export function openFailures(perMinute: number, nowMs: () => number): Failures {
  let failedMs: number[] = [];
  return {
    isFull: () => {
      failedMs = failedMs.filter((atMs) => atMs > nowMs() - 60_000);
      return failedMs.length >= perMinute;
    },
    add: () => {
      failedMs.push(nowMs());
    },
  };
}
