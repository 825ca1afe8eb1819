import { lookup as getaddrinfo } from 'node:dns/promises';
import pLimit from 'p-limit';
import { parseIp } from '../../core/model/values/ip.js';
import type { Clock, Resolver } from '../../shell/ports/host.js';

/** Looks one name up. Rejects where it has no address. */
export type Lookup = (name: string) => Promise<readonly { readonly address: string }[]>;

interface Entry {
  /** The last addresses that were good; empty before the first. */
  addresses: readonly string[];
  freshUntil: number;
  askedAt: number;
  pending: Promise<void> | undefined;
  /** True where the last look-up failed. */
  failed: boolean;
}

/** A name that nobody asked for during this time is forgotten. */
const unusedMs = 3_600_000;

/**
 * Resolves names as every other program of the host does (getaddrinfo, so `/etc/hosts` counts), two at a time, for
 * each blocks one of libuv's four threads. One call waits `deadlineMs` at most; look-ups that take longer go on, and
 * their answer is there next time. Answers are kept for `ttlMs`, failures for `negativeTtlMs`. A name that no longer
 * resolves keeps its last good addresses, for a DNS failure must not move a tunnel that works.
 */
export function openResolver(options: {
  readonly clock: Clock;
  readonly lookup?: Lookup;
  readonly deadlineMs?: number;
  readonly ttlMs?: number;
  readonly negativeTtlMs?: number;
}): Resolver {
  const { clock, deadlineMs = 3000, ttlMs = 60_000, negativeTtlMs = 20_000 } = options;
  const lookup = options.lookup ?? (async (name) => getaddrinfo(name, { all: true }));
  const entries = new Map<string, Entry>();
  const inTurn = pLimit(2);

  const refresh = (name: string, entry: Entry) =>
    inTurn(async () => {
      const addresses = await lookup(name)
        .then(toAddresses)
        .catch(() => []);
      entry.failed = addresses.length === 0;
      if (!entry.failed) entry.addresses = addresses;
      entry.freshUntil = clock.monotonic() + (entry.failed ? negativeTtlMs : ttlMs);
      entry.pending = undefined;
    });

  const ask = (name: string): Entry => {
    const entry = entries.get(name) ?? newEntry();
    entries.set(name, entry);
    entry.askedAt = clock.monotonic();
    if (entry.freshUntil <= clock.monotonic()) entry.pending ??= refresh(name, entry);
    return entry;
  };

  return {
    resolve: async (names, signal) => {
      const asked = new Map([...new Set(names)].map((name) => [name, ask(name)]));
      const pending = [...asked.values()].flatMap((entry) => entry.pending ?? []);
      await withDeadline(clock, deadlineMs, Promise.all(pending), signal);
      forgetUnused(entries, clock.monotonic() - unusedMs);
      const known = [...asked].filter(([, { addresses }]) => addresses.length > 0);
      return new Map(known.map(([name, { addresses }]) => [name, addresses]));
    },
    unresolved: (names) => {
      const late = (name: string) => entries.get(name)?.failed || entries.get(name)?.pending !== undefined;
      return [...new Set(names)].filter(late).sort();
    },
  };
}

function newEntry(): Entry {
  return {
    addresses: [],
    freshUntil: Number.NEGATIVE_INFINITY,
    askedAt: 0,
    pending: undefined,
    failed: false,
  };
}

function toAddresses(answers: readonly { readonly address: string }[]): readonly string[] {
  return [...new Set(answers.flatMap(({ address }) => parseIp(address) ?? []))];
}

/** Waits for `work` until `ms` have passed or the signal fires. */
async function withDeadline(
  clock: Clock,
  ms: number,
  work: Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const done = new AbortController();
  const either = signal ? AbortSignal.any([signal, done.signal]) : done.signal;
  await Promise.race([work, clock.sleep(ms, either)]);
  done.abort();
}

function forgetUnused(entries: Map<string, Entry>, before: number): void {
  for (const [name, entry] of entries)
    if (entry.askedAt < before && entry.pending === undefined) entries.delete(name);
}
