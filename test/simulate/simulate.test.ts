import { describe, expect, it } from 'vitest';
import { chanceOf } from './chance.js';
import { type Fleet, makeFleet } from './fleet.js';
import { type Plan, simulate } from './simulate.js';
import { settlementOf, type Watch, watchFleet } from './verdict.js';
import { openVirtualTime, replaceTimers } from './virtual-time.js';

const minute = 60_000;

const small: Plan = {
  seed: 1,
  nodes: 2,
  sessionsPerNode: 3,
  hours: 1,
  quietHours: 1.2,
  lookMs: 30_000,
  faultEveryMs: 60_000,
};

describe('a fleet that lives through an hour of faults', () => {
  // Thousands more: npm run simulate -- --seeds 1000
  it.each([1, 2, 3, 103])(
    'ends as it must, with nothing lost and nothing of others touched: seed %i',
    async (seed) => {
      const { violations, happenings } = await simulate({ ...small, seed });
      expect(violations).toEqual([]);
      expect(happenings.length).toBeGreaterThan(20);
    },
  );

  it('does so again in the same way with the same seed', async () => {
    const plan = { ...small, seed: 7, hours: 0.3, quietHours: 0.1 };
    const [first, second] = [await simulate(plan), await simulate(plan)];
    expect(second).toEqual(first);
    expect((await simulate({ ...plan, seed: 8 })).happenings).not.toEqual(first.happenings);
  });
});

describe('the control plane is asked no more often', () => {
  const calm = {
    ...small,
    nodes: 20,
    sessionsPerNode: 1,
    hours: 0.4,
    quietHours: 0.1,
    lookMs: minute,
    faultEveryMs: undefined,
  };
  const before = [5 * 60, 12 * 60] as const;
  const during = [12 * 60, 17 * 60] as const;
  const after = [17 * 60, 19 * 60] as const;

  it.each([
    // What is tried again: each failed request twice.
    ['refuses connections', 3],
    ['fails (500)', 3],
    ['does not answer', 1],
    ['is overloaded (503)', 1],
    ['power cut', 1.5],
  ] as const)('than usual after it, and in it (%s) at most %d times as often', async (kind, times) => {
    const { perSecond, violations } = await simulate({ ...calm, outage: { kind, minutes: 5 } });
    expect(violations).toEqual([]);
    const mean = ([from, to]: readonly [number, number]) =>
      perSecond.slice(from, to).reduce((sum, count) => sum + count, 0) / (to - from);
    expect(mean(during)).toBeLessThan(times * mean(before));
    expect(mean(after)).toBeLessThan(1.5 * mean(before));
    // Nor do they all come at once.
    expect(Math.max(...perSecond.slice(after[0], after[1]))).toBeLessThan(calm.nodes);
  });
});

describe('what would be a violation is seen', () => {
  /** A fleet that has run for some minutes, and whoever watches it. */
  async function settled(work: (fleet: Fleet, watch: Watch) => Promise<void>): Promise<void> {
    const time = openVirtualTime(Date.UTC(2026, 0, 1));
    const restore = replaceTimers(time);
    try {
      const fleet = await makeFleet({ ...small, nodes: 1 }, time, chanceOf(1));
      for (const router of fleet.routers) router.start();
      await time.run(time.now() + 5 * minute);
      const watch = watchFleet(fleet);
      watch.look();
      await work(fleet, watch);
    } finally {
      restore();
    }
  }

  it('a tunnel that is taken down while its session is wanted', () =>
    settled(async ({ routers: [router] }, watch) => {
      router?.host.linkTable.delete('dn42_1000');
      router?.host.wireguardTable.delete('dn42_1000');
      watch.look();
      expect(watch.violations).toEqual([expect.stringContaining('dn42_1000 was taken down')]);
    }));

  it('a change of what others have', () =>
    settled(async ({ routers: [router] }, watch) => {
      router?.host.files.delete('peers/manual.conf');
      watch.look();
      expect(watch.violations).toEqual([expect.stringContaining('something of others has changed')]);
    }));

  it('a session that is not told of, or not as it is wanted', () =>
    settled(async ({ routers: [router], networks: [network] }) => {
      if (!router || !network) throw new Error('there is no router');
      expect(await settlementOf(router)).toEqual([]);
      const [row] = network.state.sessions.values();
      if (row) network.state.sessions.set(row.uuid, { ...row, status: 'queued for setup', mtu: 1300 });
      expect((await settlementOf(router)).join()).toContain('is queued for setup');
    }));
});
