import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it as plainIt } from 'vitest';
import { type FaultyNode, openFaultyNode } from './faulty-node.js';
import { newcomer, runs, untilHealthy, untilPasses } from './trial.js';
import { waitFor } from './wait-for.js';
import { it } from './with-node.js';

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

  plainIt('a peer whose name has two addresses does not answer at the first', async ({ task }) => {
    const node = await openFaultyNode('jp1', 1, {
      daemon: false,
      daemonEnv: (directory) => ({
        NODE_OPTIONS: `--import=${resolve('test/faults/shifted-clock.mjs')}`,
        CLOCK_SHIFT: `${directory}/clock-shift`,
      }),
    });
    try {
      const hosts = '127.0.0.1 localhost\n192.0.2.60 peer.example.net\n2001:db8::60 peer.example.net\n';
      await writeFile(node.path('hosts'), hosts);
      await node.namespace.run('mount', ['--bind', node.path('hosts'), '/etc/hosts']);
      await node.startDaemon();
      await untilHealthy(node);
      const endpoint = async () => (await shown(node, 'endpoints')).get('wg_24001');
      const both = ['192.0.2.60:51820', '[2001:db8::60]:51820'];
      const first = await endpoint();
      expect(both).toContain(first);
      const passAt = async (shiftSeconds: number) => {
        await writeFile(node.path('clock-shift'), String(shiftSeconds * 1000));
        await waitFor('a pass at that time', async () => {
          const { lastPass } = await node.status();
          return (lastPass?.atSeconds ?? 0) >= Math.floor(Date.now() / 1000) + shiftSeconds - 1;
        });
      };
      for (const shift of [80, 160]) await passAt(shift);
      expect(await endpoint()).toBe(first);
      for (const shift of [240, 320]) await passAt(shift);
      const recoveredMs = await waitFor('it is dialed at the other', async () => {
        const now = await endpoint();
        return now !== first && both.includes(now ?? '');
      });
      const [line] = node.log.filter(({ msg }) => /no handshake at the former for/.test(msg));
      task.meta.finding = { seen: line?.msg ?? '', namedMs: recoveredMs, recoveredMs };
      expect(line?.msg).toMatch(/session abc-123: set WireGuard on wg_24001 \(endpoint .*60.*51820 → .*60/);
    } finally {
      await node.close();
    }
  });
});
