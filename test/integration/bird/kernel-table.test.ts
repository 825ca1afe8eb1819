import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openKernelRoutes } from '../../../src/adapters/kernel-routes/kernel-routes.js';
import { full, peer, sessionItem, settled } from './routers/soft-changes-answers.js';
import { type ChangingNode, openChangingNode } from './routers/soft-changes-node.js';

const soon = { timeout: 40_000, interval: 200 };
const running = [...settled.map(({ protocol }) => protocol), 'ibgp_2'].sort();
const loopback = '172.22.188.1';
const [theirs = ''] = full.originated;
const there = theirs.replace('.0/24', '.9');

let node: ChangingNode;

beforeAll(async () => {
  node = await openChangingNode();
  await node.run('sysctl', ['-q', '-w', 'net.ipv4.ip_forward=1', 'net.ipv4.conf.all.rp_filter=0']);
  // Somebody else's, one of them the same as one of ours but for the mark.
  await ip('rule', 'add', 'from', '192.0.2.7', 'lookup', '99', 'priority', '500');
  await ip('rule', 'add', 'iif', full.interface, 'lookup', '42', 'priority', '30157');
  // The other end of a tunnel, as the agent gives it to the kernel.
  await ip('addr', 'add', loopback, 'peer', '172.23.91.128/32', 'dev', full.interface);
});

afterAll(() => node.close());

async function ip(...args: readonly string[]): Promise<string> {
  return (await node.run('ip', args, { okExitCodes: [2] })).stdout;
}

const withTable = (kernelTable: number | undefined) => ({ ...node.answers, settings: { kernelTable } });

/** The prefixes of BIRD's routes in a table. */
async function routes(table: number | 'main', family = '-4'): Promise<string[]> {
  const text = await ip(family, 'route', 'show', 'table', String(table), 'proto', 'bird');
  return Array.from(
    text.matchAll(/^(?:unreachable )?([\da-f:.]+(?:\/\d+)?) /gm),
    ([, prefix]) => prefix ?? '',
  ).sort();
}

const ours = async () => (await ip('rule')).split('\n').filter((line) => /proto 157/.test(line));
const foreign = async () =>
  [await ip('rule'), await ip('-6', 'rule')]
    .join('')
    .split('\n')
    .filter((line) => !/proto 157/.test(line));
const wayFrom = (...from: readonly string[]) => ip('route', 'get', there, ...from);
const fromPeer = () =>
  wayFrom('from', peer.originated[0]?.replace('.0/24', '.5') ?? '', 'iif', peer.interface);
const sockets = async () =>
  Object.entries(await node.connections())
    .map(([name, { here }]) => [name, here])
    .sort();

describe('a kernel table of its own', () => {
  it('has all routes, the tunnels and the packets of DN42; the machine has the main table', async () => {
    const before = await foreign();
    await node.applyWithRules(withTable(undefined));
    await vi.waitFor(async () => expect(Object.keys(await node.connections()).sort()).toEqual(running), soon);
    await vi.waitFor(async () => expect(await routes('main')).toContain(theirs), soon);
    const [mainRoutes, mainRoutes6, connections] = [
      await routes('main'),
      await routes('main', '-6'),
      await sockets(),
    ];

    expect(await node.applyWithRules(withTable(42))).toEqual(['add-rules']);
    await vi.waitFor(
      async () => expect(await routes(42)).toEqual([...mainRoutes, '172.23.91.128'].sort()),
      soon,
    );
    await vi.waitFor(async () => expect(await routes(42, '-6')).toEqual(mainRoutes6), soon);
    expect([await routes('main'), await routes('main', '-6')]).toEqual([[], []]);
    expect(await sockets()).toEqual(connections);

    expect(await fromPeer()).toContain(`dev ${full.interface} table 42`);
    expect(await wayFrom('from', loopback)).toContain(`dev ${full.interface} table 42`);
    expect(await wayFrom()).toBe('');
    expect(await foreign()).toEqual(before);
    expect(await node.applyWithRules(withTable(42))).toEqual([]);
  });

  it('looks into the main table for the networks of this machine in our own blocks', async () => {
    const way = () => ip('route', 'get', '172.22.188.34', 'from', '172.21.2.5', 'iif', peer.interface);
    expect(await way()).not.toContain('dev');
    await ip('link', 'add', 'br_lan', 'type', 'bridge');
    await ip('link', 'set', 'br_lan', 'up');
    await ip('addr', 'add', '172.22.188.33/28', 'dev', 'br_lan');
    expect(await way()).toContain('dev br_lan');
  });

  it('is what the look at the kernel sees', async () => {
    const { snapshot } = openKernelRoutes({ run: node.run, table: 42 });
    expect(await snapshot()).toContain(theirs);
  });

  it('takes its routes, rules and packets along when it changes', async () => {
    const connections = await sockets();
    const before = await routes(42);
    const moving = { isDone: false };
    const gapsMs: number[] = [];
    const watch = (async () => {
      let lostAt: number | undefined;
      while (!moving.isDone) {
        const isThere = (await fromPeer()).includes('dev');
        if (!isThere) lostAt ??= performance.now();
        else if (lostAt !== undefined) {
          gapsMs.push(performance.now() - lostAt);
          lostAt = undefined;
        }
      }
      return lostAt;
    })();
    expect(await node.applyWithRules(withTable(43))).toEqual(['add-rules']);
    await vi.waitFor(async () => expect(await routes(43)).toEqual(before), soon);
    moving.isDone = true;
    expect(await watch).toBeUndefined();
    // BIRD 3 waits for a second before its kernel protocol has the new table.
    expect(gapsMs.filter((ms) => ms > 2000)).toEqual([]);
    expect(await routes(42)).toEqual([]);
    // While BIRD's file had the old table, the rules for it stayed.
    expect((await ours()).some((line) => line.includes('lookup 42 '))).toBe(true);
    expect(await node.applyWithRules(withTable(43))).toEqual(['remove-rules']);
    expect((await ours()).some((line) => line.includes('lookup 42 '))).toBe(false);
    expect(await fromPeer()).toContain('table 43');
    expect(await sockets()).toEqual(connections);
  });

  it('has no rule for a session that is gone', async () => {
    const before = await foreign();
    const sessions = { sessions: settled.filter((each) => each !== peer).map((each) => sessionItem(each)) };
    expect(await node.applyWithRules({ ...withTable(43), sessions })).toEqual(['remove-rules']);
    expect((await ours()).some((line) => line.includes(peer.interface))).toBe(false);
    expect(await foreign()).toEqual(before);
  });

  it('leaves nothing behind when the setting is removed', async () => {
    const before = await foreign();
    await node.applyWithRules(withTable(undefined));
    await node.applyWithRules(withTable(undefined));
    expect(await ours()).toEqual([]);
    expect(await ip('-6', 'rule')).not.toContain('157');
    await vi.waitFor(async () => expect(await routes('main')).toContain(theirs), soon);
    expect([await routes(42), await routes(43)]).toEqual([[], []]);
    expect(await foreign()).toEqual(before);
  });
});
