import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPinger } from '../../../src/adapters/fping/pinger.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import { until } from './tunnel-host.js';

let [near, far]: Namespace[] = [];
beforeAll(async () => {
  near = await openNamespace('near');
  far = await openNamespace('far');
  await near.run('ip', ['link', 'add', 'va', 'type', 'veth', 'peer', 'name', 'vb', 'netns', String(far.pid)]);
  await equip(near, 'va', '1');
  await equip(far, 'vb', '2');
});
afterAll(async () => {
  await near?.close();
  await far?.close();
});

async function equip(host: Namespace, dev: string, number: string): Promise<void> {
  await host.run('ip', ['link', 'set', 'dev', dev, 'addrgenmode', 'none']);
  for (const address of [`192.0.2.${number}/24`, `2001:db8::${number}/64`, `fe80::${number}/64`])
    await host.run('ip', ['addr', 'add', address, 'dev', dev, ...(address.includes(':') ? ['nodad'] : [])]);
  await host.run('ip', ['link', 'set', 'dev', dev, 'up']);
}

it('measures IPv4, IPv6 and link-local targets by one command, and tells the lost from the answered', async () => {
  const host = near ?? expect.unreachable();
  const commands: string[] = [];
  const pinger = openPinger({
    run: (program, args, options) => {
      commands.push(program);
      return host.run(program, args, options);
    },
    timeoutMs: 300,
  });
  await until(
    'the link is up',
    async () => (await pinger.ping(['fe80::2%va'])).get('fe80::2%va')?.loss === 0,
  );

  const answering = ['fe80::2%va', '192.0.2.2', '2001:db8::2'];
  const lost = ['fe80::9%va', '192.0.2.9', '198.51.100.1', 'fe80::2%gone', 'not an address'];
  commands.length = 0;
  const results = await pinger.ping([...answering, ...lost]);
  expect(commands).toEqual(['fping']);
  expect([...results.keys()].sort()).toEqual([...answering, ...lost].sort());
  for (const target of answering) {
    expect(results.get(target)?.loss).toBe(0);
    expect(results.get(target)?.rttMs).toBeGreaterThan(0);
    expect(results.get(target)?.rttMs).toBeLessThan(300);
  }
  for (const target of lost) expect(results.get(target)).toEqual({ rttMs: undefined, loss: 1 });
});

it('asks a thousand targets at once', async () => {
  const host = near ?? expect.unreachable();
  const targets = Array.from({ length: 1000 }, (_, index) => `127.1.${index >> 8}.${index & 255}`);
  const results = await openPinger({ run: host.run, count: 1 }).ping(targets);
  expect(results.size).toBe(1000);
  expect([...results.values()].filter(({ loss }) => loss === 0).length).toBeGreaterThan(990);
});
