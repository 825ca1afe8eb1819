import { describe, expect } from 'vitest';
import { birdProtocols, type FaultyNode } from './harness/faulty-node.js';
import { openNeighbor } from './harness/neighbor.js';
import { servesNewcomer } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';
import { it } from './harness/with-node.js';

const birdc = async ({ namespace }: FaultyNode, ...words: string[]) =>
  (await namespace.run('birdc', ['-s', '/run/bird/bird.ctl', ...words], { okExitCodes: [0, 1] })).stdout;
const problem = async (node: FaultyNode, words: RegExp) =>
  (await node.status()).problems.find((each) => words.test(each));
const routes = async ({ namespace }: FaultyNode) =>
  (await namespace.run('ip', ['route', 'show', 'proto', 'bird'])).stdout;

describe.concurrent('the node’s own', () => {
  it('kernel protocol switched off, with a session up', async ({ node, task }) => {
    const neighbor = await openNeighbor(node, 1, ['172.21.1.0/24']);
    try {
      await node.setSessions([...(await node.sessions()), neighbor.session]);
      const { stdout } = await node.namespace.run('cat', [node.path('keys/public.key')]);
      await neighbor.connect(stdout.trim());
      await waitFor('its route is in the kernel', async () => (await routes(node)).includes('172.21.1.0/24'));
      const since = await neighbor.since();
      await birdc(node, 'disable', 'moenet_kernel_v4');
      const startedMs = Date.now();
      const word = 'enable BIRD protocol moenet_kernel_v4 (it is disabled; without it no IPv4 route';
      let seen: string | undefined;
      // The status says it of the last pass only, and the next one may follow at once.
      await waitFor('the log says that it was switched on', async () => {
        seen = node.log.map(({ msg }) => msg).find((msg) => msg.includes(word));
        return seen !== undefined;
      });
      const namedMs = Date.now() - startedMs;
      await waitFor('its route is back', async () => (await routes(node)).includes('172.21.1.0/24'));
      expect(await neighbor.since()).toBe(since);
      task.meta.finding = { seen: seen ?? '', namedMs, recoveredMs: Date.now() - startedMs };
    } finally {
      await neighbor.close();
    }
  });

  it('protocols all switched off at once', async ({ node, task }) => {
    const own = ((await birdProtocols(node.namespace)) ?? [])
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('dn42_'));
    expect(own).toEqual(expect.arrayContaining(['device1', 'moenet_kernel_v4', 'moenet_babel', 'ibgp_2']));
    await birdc(node, 'disable', 'all');
    const startedMs = Date.now();
    const isSaid = (name: string) =>
      node.log.some(({ msg }) => msg.includes(`enable BIRD protocol ${name} (`));
    await waitFor('the log names each of them', async () => own.every(isSaid));
    await waitFor('all of them are on again', async () => {
      const running = new Map((await birdProtocols(node.namespace))?.map(({ name, state }) => [name, state]));
      return own.every((name) => (running.get(name) ?? 'down') !== 'down');
    });
    const recoveredMs = Date.now() - startedMs;
    const said = node.log.map(({ msg }) => msg);
    expect(said.filter((msg) => /not established|neighbor has not answered/.test(msg))).toEqual([]);
    await birdc(node, 'enable', 'all');
    await servesNewcomer(node);
    task.meta.finding = { seen: `all ${own.length} are on again`, namedMs: 0, recoveredMs };
  });

  it('kernel does not forward, filters the way back and has no IPv6 on a tunnel', async ({ node, task }) => {
    const set = (...settings: string[]) => node.namespace.run('sysctl', ['-q', '-w', ...settings]);
    await set('net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1', 'net.ipv4.conf.all.rp_filter=0');
    const all = /forwarding is off|rp_filter is strict|IPv6 is switched off/;
    await waitFor('nothing of that is named', async () => (await problem(node, all)) === undefined);
    const startedMs = Date.now();
    await set(
      'net.ipv4.ip_forward=0',
      'net.ipv6.conf.all.forwarding=0',
      'net.ipv4.conf.wg_24001.rp_filter=1',
    );
    await set('net.ipv6.conf.lo.disable_ipv6=1');
    const named = [
      /^IPv4 forwarding is off: .*net\.ipv4\.ip_forward=1/,
      /^IPv6 forwarding is off: .*net\.ipv6\.conf\.all\.forwarding=1/,
      /^rp_filter is strict on wg_24001: .*net\.ipv4\.conf\.all\.rp_filter=2/,
      /^IPv6 is switched off on lo: .*disable_ipv6=0/,
    ];
    for (const words of named)
      await waitFor(`status names ${words}`, async () => (await problem(node, words)) !== undefined);
    const namedMs = Date.now() - startedMs;
    const seen = (await problem(node, /^IPv4 forwarding/)) ?? '';
    // As the sentences say.
    await set('net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1', 'net.ipv4.conf.all.rp_filter=2');
    await set('net.ipv6.conf.all.disable_ipv6=0');
    const mendedMs = Date.now();
    await waitFor('nothing of that is named', async () => (await problem(node, all)) === undefined);
    task.meta.finding = { seen, namedMs, recoveredMs: Date.now() - mendedMs };
  });
});
