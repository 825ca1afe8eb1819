import { afterEach, beforeEach, expect, it } from 'vitest';
import { openKernelRoutes } from '../../../src/adapters/kernel-routes/kernel-routes.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';

let namespace: Namespace;
beforeEach(async () => {
  namespace = await openNamespace('kernel-routes');
});
afterEach(() => namespace.close());

// As the kernel puts them in for BIRD; what sends packets nowhere has no interface.
it.each([
  ['an IPv4 route', ['route', 'add', '172.20.0.0/24', 'dev', 'lo', 'proto', 'bird']],
  ['an IPv4 route to nowhere', ['route', 'add', 'unreachable', '172.20.0.0/24', 'proto', 'bird']],
  ['an IPv6 route', ['route', 'add', 'fd42:1::/64', 'dev', 'lo', 'proto', 'bird']],
  ['an IPv6 route to nowhere', ['route', 'add', 'unreachable', 'fd42:1::/64', 'proto', 'bird']],
])('%s is seen when it comes and when it goes, and nothing else is', async (_, add) => {
  const { snapshot } = openKernelRoutes({ procNet: `/proc/${namespace.pid}/net`, run: namespace.run });
  await namespace.run('ip', ['link', 'set', 'lo', 'up']);
  const before = await snapshot();
  expect(await snapshot()).toBe(before);
  await namespace.run('ip', add);
  expect(await snapshot()).not.toBe(before);
  await namespace.run(
    'ip',
    add.map((word) => (word === 'add' ? 'del' : word)),
  );
  expect(await snapshot()).toBe(before);
});

it('a route in a table of its own is seen only where the table is asked for', async () => {
  const options = { procNet: `/proc/${namespace.pid}/net`, run: namespace.run };
  const [own, main] = [openKernelRoutes({ ...options, table: 42 }), openKernelRoutes(options)];
  await namespace.run('ip', ['link', 'set', 'lo', 'up']);
  const before = [await own.snapshot(), await main.snapshot()];
  await namespace.run('ip', ['route', 'add', '172.20.0.0/24', 'dev', 'lo', 'table', '42']);
  expect([(await own.snapshot()) === before[0], (await main.snapshot()) === before[1]]).toEqual([
    false,
    true,
  ]);
});
