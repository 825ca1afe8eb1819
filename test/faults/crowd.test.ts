import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultyNode, openFaultyNode } from './faulty-node.js';
import { type Picture, pictureOf } from './picture.js';
import { servesNewcomer, survives, untilHealthy } from './trial.js';
import { waitFor } from './wait-for.js';

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

async function crowdTunnels(): Promise<number> {
  const { stdout } = await node.namespace.run('wg', ['show', 'interfaces']);
  return stdout.split(/\s+/).filter((name) => name.startsWith('wg_c')).length;
}

// More tunnels than these would take the machine's inotify instances (128, one for each wireguard-go) from other tests;
// a thousand tunnels are in the soak test, on fakes.
describe('1,000 sessions appear and vanish at every poll, 16 of them with tunnels', () => {
  it('queued for delete', async ({ task }) => {
    const before = withoutCrowd(await pictureOf(node));
    let [ups, downs, slowestMs] = [0, 0, 0];
    let former = 0;
    const startedMs = Date.now();
    await node.setFault('a crowd to delete');
    await waitFor(
      'the crowd came and went twice',
      async () => {
        const now = await crowdTunnels();
        if (former === 0 && now > 0) ups += 1;
        if (former > 0 && now === 0) downs += 1;
        former = now;
        slowestMs = Math.max(slowestMs, (await node.status()).lastPass?.durationMs ?? 0);
        return ups >= 2 && downs >= 2;
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
