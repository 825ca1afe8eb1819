import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { named, openTunnelHost, until } from './tunnel-host.js';

// Each wireguard-go is told of all links: these are wireguard-go's.
let host: Awaited<ReturnType<typeof openTunnelHost>>;
beforeAll(async () => {
  host = await openTunnelHost('listeners');
});
afterAll(() => host.close());

const isServed = async (name: string) =>
  (await host.wireguard.observe()).some((device) => device.interface === name);

it('a wireguard-go that a busy machine does not run for a while survives the changes of many links', async () => {
  await host.create(named('wg_1'));
  const address = { local: '192.0.2.1', prefixLength: 24, peer: undefined };
  await host.links.apply([{ interface: 'wg_1', up: true, addAddresses: [address] }]);
  const pairs = Array.from({ length: 50 }, (_, index) => `v${index}`);
  for (const name of pairs)
    await host.namespace.run('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`]);
  const [daemon = 0] = await host.daemons();

  process.kill(daemon, 'SIGSTOP');
  onTestFinished(() => void process.kill(daemon, 'SIGCONT'));
  // As a scheduler does: it runs again after a second.
  setTimeout(() => process.kill(daemon, 'SIGCONT'), 1_000);
  const names = pairs.flatMap((name) => [name, `${name}p`]);
  const other = { local: '198.51.100.1', prefixLength: 24, peer: undefined };
  const failures = await host.links.apply(
    names.map((name) => ({
      interface: name,
      alias: `of ${name}`,
      mtu: 1400,
      up: true,
      addAddresses: [other],
    })),
  );
  expect(failures).toEqual(new Map());

  // It sees what it has missed at the next packet.
  const ping = ['-c', '3', '-i', '0.2', '-W', '1', '192.0.2.2'];
  await host.namespace.run('ping', ping, { okExitCodes: [1] });
  await until('it answers', async () => isServed('wg_1'));
  expect(await host.daemons()).toEqual([daemon]);
  await host.namespace.run('ip', ['-batch', '-'], {
    input: pairs.map((name) => `link del dev ${name}\n`).join(''),
  });
});
