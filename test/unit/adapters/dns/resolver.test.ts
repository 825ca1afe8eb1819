import { describe, expect, it } from 'vitest';
import { type Lookup, openResolver } from '../../../../src/adapters/dns/resolver.js';
import type { Clock } from '../../../../src/shell/ports/host.js';

/** A clock that stands still until it is moved. */
function movableClock(): Clock & { move(ms: number): void } {
  let now = 1_000_000;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  return {
    now: () => now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => resolve(), { once: true });
        if (signal?.aborted) resolve();
      }),
    move: (ms) => {
      now += ms;
      for (const sleeper of sleepers) if (sleeper.at <= now) sleeper.wake();
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A name server: names it does not hold fail, `hold` makes it wait with its answers until `release`. */
function fakeDns(names: Record<string, readonly string[]>) {
  const asked: string[] = [];
  let held: (() => void)[] | undefined;
  let [running, most] = [0, 0];
  const lookup: Lookup = async (name) => {
    asked.push(name);
    running += 1;
    most = Math.max(most, running);
    await turn();
    if (held) await new Promise<void>((release) => held?.push(release));
    running -= 1;
    const addresses = names[name];
    if (!addresses) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    return addresses.map((address) => ({ address }));
  };
  return {
    lookup,
    asked,
    names,
    most: () => most,
    hold: () => {
      held = [];
    },
    release: () => {
      const waiting = held ?? [];
      held = undefined;
      for (const release of waiting) release();
    },
  };
}

function open(names: Record<string, readonly string[]>) {
  const [clock, dns] = [movableClock(), fakeDns(names)];
  const resolver = openResolver({ clock, lookup: dns.lookup });
  return { clock, dns, resolver };
}

describe('resolve', () => {
  it('gives the addresses of each name in canonical text, and leaves out what does not resolve', async () => {
    const { resolver } = open({ a: ['192.0.2.1', '2001:DB8:0::1', '192.0.2.1'], empty: [] });
    const resolved = await resolver.resolve(['a', 'empty', 'unknown']);
    expect(Object.fromEntries(resolved)).toEqual({ a: ['192.0.2.1', '2001:db8::1'] });
  });

  it('asks nobody without names', async () => {
    const { resolver, dns } = open({});
    expect((await resolver.resolve([])).size).toBe(0);
    expect(dns.asked).toEqual([]);
  });

  it('keeps an answer for 60 s and a failure for 20 s', async () => {
    const { resolver, dns, clock } = open({ a: ['192.0.2.1'] });
    const pass = () => resolver.resolve(['a', 'b']);
    await pass();
    clock.move(19_999);
    await pass();
    expect(dns.asked).toEqual(['a', 'b']);
    clock.move(1);
    await pass();
    expect(dns.asked).toEqual(['a', 'b', 'b']);
    clock.move(40_000);
    await pass();
    expect(dns.asked).toEqual(['a', 'b', 'b', 'a', 'b']);
  });

  it('keeps the last good addresses of a name that no longer resolves', async () => {
    const { resolver, dns, clock } = open({ a: ['192.0.2.1'] });
    await resolver.resolve(['a']);
    delete dns.names['a'];
    clock.move(60_000);
    expect((await resolver.resolve(['a'])).get('a')).toEqual(['192.0.2.1']);
    expect(resolver.unresolved(['a', 'never-asked'])).toEqual(['a']);
    dns.names['a'] = ['192.0.2.2'];
    clock.move(20_000);
    expect((await resolver.resolve(['a'])).get('a')).toEqual(['192.0.2.2']);
    expect(resolver.unresolved(['a'])).toEqual([]);
  });

  it('returns the known addresses at the deadline, and the late answer next time without asking again', async () => {
    const { resolver, dns, clock } = open({ a: ['192.0.2.1'], slow: ['192.0.2.2'] });
    await resolver.resolve(['a']);
    dns.hold();
    const pass = resolver.resolve(['a', 'slow']);
    await turn();
    await turn();
    clock.move(3000);
    expect([...(await pass).keys()]).toEqual(['a']);
    expect(resolver.unresolved(['a', 'slow'])).toEqual(['slow']);
    dns.release();
    await turn();
    expect((await resolver.resolve(['slow'])).get('slow')).toEqual(['192.0.2.2']);
    expect(dns.asked).toEqual(['a', 'slow']);
  });

  it('returns the known addresses when the signal fires', async () => {
    const { resolver, dns } = open({ slow: ['192.0.2.2'] });
    dns.hold();
    const stop = new AbortController();
    const pass = resolver.resolve(['slow'], stop.signal);
    stop.abort();
    expect((await pass).size).toBe(0);
    dns.release();
  });

  it('looks two names up at a time', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `n${index}`);
    const { resolver, dns } = open(Object.fromEntries(names.map((name) => [name, ['192.0.2.1']])));
    expect((await resolver.resolve(names)).size).toBe(9);
    expect(dns.most()).toBe(2);
    expect(dns.asked).toEqual(names);
  });

  it('forgets a name that nobody asked for during an hour', async () => {
    const { resolver, dns, clock } = open({ a: ['192.0.2.1'] });
    await resolver.resolve(['a']);
    clock.move(3_600_001);
    await resolver.resolve([]);
    delete dns.names['a'];
    expect((await resolver.resolve(['a'])).size).toBe(0);
  });

  it('asks the system where it is given no look-up', async () => {
    const resolver = openResolver({ clock: movableClock() });
    const addresses = (await resolver.resolve(['localhost'])).get('localhost') ?? [];
    expect(addresses.some((address) => address === '127.0.0.1' || address === '::1')).toBe(true);
  });
});
