import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it as plainIt } from 'vitest';
import { type FaultyNode, openFaultyNode } from './harness/faulty-node.js';
import { openNeighbor } from './harness/neighbor.js';
import { newcomer, runs, untilHealthy, untilPasses } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';
import { it } from './harness/with-node.js';

/** Interface → what `wg show all WHAT` says in the column after it. */
async function shown({ namespace }: FaultyNode, what: string): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await namespace.run('wg', ['show', 'all', what]);
  return new Map(
    stdout.split('\n').map((line) => [line.split('\t')[0] ?? '', line.split('\t').at(-1) ?? '']),
  );
}

const portsOf = async (node: FaultyNode, ...names: string[]) => {
  const ports = await shown(node, 'listen-port');
  return names.map((name) => Number(ports.get(name)));
};

/** How often WireGuard was set on a tunnel of these names since the log had so many lines, once there is nothing left to do. */
async function syncsSince(node: FaultyNode, logged: number, names: RegExp): Promise<number> {
  await untilPasses(node, 2, 60_000);
  await waitFor('nothing is left to do', async () => (await node.status()).lastPass?.changes === 0);
  const lines = node.log.slice(logged);
  expect(lines.filter(({ level, msg }) => level !== 'info' && msg.startsWith('session'))).toEqual([]);
  return lines.filter(({ msg }) => msg.includes('set WireGuard on') && names.test(msg)).length;
}

describe.concurrent('tunnels', () => {
  it('two sessions exchange their ports', async ({ node, task }) => {
    const sessions = await node.sessions();
    const exchanged: Readonly<Record<string, number>> = { wg_24001: 24002, wg_24002: 24001 };
    const portOf = (session: (typeof sessions)[number]) =>
      exchanged[String(session['interface'])] ?? session['port'];
    const logged = node.log.length;
    await node.setSessions(sessions.map((session) => ({ ...session, port: portOf(session) })));
    const recoveredMs = await waitFor(
      'they have exchanged their ports',
      async () => (await portsOf(node, 'wg_24001', 'wg_24002')).join() === '24002,24001',
    );
    expect(await syncsSince(node, logged, /wg_2400[12]/)).toBe(2);
    task.meta.finding = { seen: 'in one pass', namedMs: recoveredMs, recoveredMs };
  });

  it('a session gets the port that another one leaves in the same list', async ({ node, task }) => {
    const sessions = await node.sessions();
    const moved = sessions.map((session) =>
      session['interface'] === 'wg_24002' ? { ...session, port: 24_012 } : session,
    );
    const logged = node.log.length;
    await node.setSessions([...moved, { ...newcomer, port: 24_002 }]);
    const recoveredMs = await waitFor('both have their ports', async () => {
      if (!(await runs(node, newcomer))) return false;
      return (await portsOf(node, 'wg_24002', 'wg_24100')).join() === '24012,24002';
    });
    expect(await syncsSince(node, logged, /wg_24002|wg_24100/)).toBe(2);
    task.meta.finding = { seen: 'in one pass', namedMs: recoveredMs, recoveredMs };
  });

  plainIt('a dual-stack endpoint whose first address is dead', async ({ task }) => {
    const node = await openFaultyNode('jp1', 1, {
      daemon: false,
      daemonEnv: (directory) => ({
        NODE_OPTIONS: `--import=${resolve('test/faults/harness/shifted-clock.mjs')}`,
        CLOCK_SHIFT: `${directory}/clock-shift`,
      }),
    });
    const neighbor = await openNeighbor(node, 1);
    try {
      const [dead, alive] = ['[2001:db8:99::60]:51820', `${neighbor.session['endpoint']}`];
      await giveTwoAddresses(node, alive);
      const [first, , ...others] = await node.sessions();
      const session = { ...neighbor.session, endpoint: 'dual.example.net:51820' };
      await node.setSessions([...(first ? [first] : []), session, ...others]);
      await node.startDaemon();
      await untilHealthy(node);
      await neighbor.listen((await readFile(node.path('keys/public.key'), 'utf8')).trim());
      const endpoint = async () => (await shown(node, 'endpoints')).get('wg_24701');
      expect(await endpoint()).toBe(dead);
      const passAt = async (shiftSeconds: number) => {
        await node.setClockShift(shiftSeconds * 1000);
        await waitFor('a pass at that time', async () => {
          const { lastPass } = await node.status();
          return (lastPass?.atSeconds ?? 0) >= Math.floor(Date.now() / 1000) + shiftSeconds - 1;
        });
      };
      for (const shift of [80, 160]) await passAt(shift);
      expect(await endpoint()).toBe(dead);
      for (const shift of [240, 320]) await passAt(shift);
      const namedMs = await waitFor('it is dialed at the other', async () => (await endpoint()) === alive);
      const recoveredMs = await waitFor('BGP is up', async () => (await neighbor.since()) !== undefined);
      expect(Number((await shown(node, 'latest-handshakes')).get('wg_24701'))).toBeGreaterThan(0);
      await node.setClockShift(0);
      await untilPasses(node, 2, 60_000);
      expect(await endpoint()).toBe(alive);
      const moved = node.log.filter(({ msg }) => /no handshake at the old address for/.test(msg));
      expect(moved.map(({ msg }) => msg)).toEqual([
        expect.stringContaining(`set WireGuard on wg_24701 (endpoint ${dead} → ${alive}`),
      ]);
      task.meta.finding = { seen: moved[0]?.msg ?? '', namedMs, recoveredMs };
    } finally {
      await neighbor.close();
      await node.close();
    }
  });
});

/** The name has an IPv6 address first, to which there is a way and where nobody is, and the neighbor's IPv4 address. */
async function giveTwoAddresses({ namespace, path }: FaultyNode, alive: string): Promise<void> {
  const hosts = `127.0.0.1 localhost
192.0.2.60 peer.example.net
2001:db8:99::60 dual.example.net
${alive.replace(/:\d+$/, '')} dual.example.net
`;
  await writeFile(path('hosts'), hosts);
  await namespace.run('mount', ['--bind', path('hosts'), '/etc/hosts']);
  await namespace.run('ip', ['address', 'add', '2001:db8:99::1/64', 'dev', 'cable1', 'nodad']);
}
