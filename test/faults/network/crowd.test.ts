import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultyNode, openFaultyNode } from '../harness/faulty-node.js';
import { type Picture, pictureOf } from '../harness/picture.js';
import { isGone, newcomer, servesNewcomer, survives, untilHealthy } from '../harness/trial.js';
import { waitFor } from '../harness/wait-for.js';

/** How many of the crowd have one. */
const tunnels = 16;

let node: FaultyNode;
beforeAll(async () => {
  node = await openFaultyNode('jp1');
  await untilHealthy(node);
});
afterAll(() => node?.close());

/** The parts of all others. */
function withoutCrowd({ links, wireguard, files, protocols }: Picture): Picture {
  const isCrowds = (text: string) =>
    /wg_c\d|dn42_42424211\d\d(?!\d)/.test(text) && !text.includes('wg_24001');
  return {
    links: (links as unknown[]).filter((link) => !isCrowds(JSON.stringify(link))),
    wireguard: wireguard.filter((line) => !isCrowds(line)),
    files: Object.fromEntries(Object.entries(files).filter(([path]) => !isCrowds(path))),
    protocols: protocols?.filter(({ name }) => !isCrowds(name)),
  };
}

/** How often each of the crowd's tunnels has gone since now: the kernel tells of every change, which looks may miss. */
function watchDepartures(): ReadonlyMap<string, number> {
  const departures = new Map<string, number>();
  const monitor = node.spawn('ip', ['-o', 'monitor', 'link']);
  createInterface({ input: monitor.stdout ?? Readable.from([]) }).on('line', (line) => {
    const name = /^Deleted \d+: (wg_c\d+)/.exec(line)?.[1];
    if (name) departures.set(name, (departures.get(name) ?? 0) + 1);
  });
  return departures;
}

async function crowdTunnels(): Promise<number> {
  const { stdout } = await node.namespace.run('wg', ['show', 'interfaces']);
  return stdout.split(/\s+/).filter((name) => name.startsWith('wg_c')).length;
}

// Each tunnel is a process of wireguard-go; a thousand of them are in the soak test, on fakes.
describe('1,000 sessions appear and vanish at every poll, 16 of them with tunnels', () => {
  it('queued for delete', async ({ task }) => {
    const before = withoutCrowd(await pictureOf(node));
    const departures = watchDepartures();
    let slowestMs = 0;
    const startedMs = Date.now();
    await node.setFault('a crowd to delete');
    await waitFor(
      'the crowd came and went twice',
      async () => {
        slowestMs = Math.max(slowestMs, (await node.status()).lastPass?.durationMs ?? 0);
        return departures.size === tunnels && [...departures.values()].every((times) => times >= 2);
      },
      180_000,
    );
    const churnedMs = Date.now() - startedMs;
    expect(withoutCrowd(await pictureOf(node))).toEqual(before);
    await node.setFault(undefined);
    await waitFor('the crowd is gone', async () => (await crowdTunnels()) === 0);
    const recoveredMs = await servesNewcomer(node);
    expect(withoutCrowd(await pictureOf(node))).toEqual(before);
    expect(node.daemon.exitCode ?? node.daemon.signalCode).toBe(null);
    const seen = `came and went twice in ${Math.round(churnedMs / 1000)} s, the slowest pass ${slowestMs} ms`;
    task.meta.finding = { seen, namedMs: 0, recoveredMs };
  });

  it('left out of the list', async ({ task }) => {
    task.meta.finding = await survives(node, {
      named: /leaves out (16 running sessions|crowd-)/,
      flaps: true,
      inject: () => node.setFault('a crowd left out'),
      end: () => node.setFault('a crowd to delete'),
      unharmed: withoutCrowd,
    });
    await node.setFault(undefined);
  });
});

// The agent sends at most 240 requests a minute: 5,000 complaints take more than 20 minutes.
describe('5,000 malformed rows stand before all others in the list', () => {
  it('a new session behind them is set up and told at once', async ({ task }) => {
    const sessions = await node.sessions();
    const rows = Array.from({ length: 5000 }, (_, index) => ({
      ...newcomer,
      uuid: `malformed-${index}`,
      mtu: 40,
    }));
    const told = async () => (await readFile(node.path('posts.jsonl'), 'utf8')).split('\n');
    const complaints = async () => (await told()).filter((line) => line.includes('malformed-')).length;
    const startedMs = Date.now();
    await node.setSessions([...rows, ...sessions]);
    // More than go out without a wait.
    await waitFor('some of them are told', async () => (await complaints()) > 30);
    const late = { ...newcomer, uuid: 'newcomer-2' };
    await node.setSessions([...rows, ...sessions, late]);
    const recoveredMs = await waitFor('it is told', async () =>
      (await told()).some((line) => line.includes('newcomer-2')),
    );
    // Seconds say little on a busy machine; the rows before it in the list are 5,000.
    const first = (await told()).findIndex((line) => line.includes('newcomer-2'));
    const toldBefore = (await told()).slice(0, first).filter((line) => line.includes('malformed-')).length;
    expect(toldBefore).toBeLessThan(500);
    const before = await complaints();
    await waitFor('more of them are told', async () => (await complaints()) > before + 10);
    const perMinute = ((await complaints()) * 60_000) / (Date.now() - startedMs);
    await node.setSessions(sessions);
    await waitFor('the new session is gone', () => isGone(node, late));
    const seen = `told in ${Math.round(recoveredMs / 100) / 10} s, beside ${Math.round(perMinute)} complaints a minute`;
    task.meta.finding = { seen, namedMs: 0, recoveredMs };
  });
});
