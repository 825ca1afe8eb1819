import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultyNode, openFaultyNode } from './faulty-node.js';
import { type Picture, pictureOf } from './picture.js';
import { servesNewcomer, survives, untilHealthy } from './trial.js';
import { waitFor } from './wait-for.js';

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
      60_000,
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
