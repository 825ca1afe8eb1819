import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EitherHost } from '../integration/host/either-host.js';
import { named, until } from '../integration/host/tunnel-host.js';
import { openGuestHost } from './guest-host.js';

const directory = '/etc/modprobe.d';
const withoutWireGuard = `${directory}/no-module.conf`;

let host: EitherHost;
beforeEach(async () => {
  host = await openGuestHost('without-module');
  const unload = () => host.run('modprobe', ['--remove', 'wireguard'], { okExitCodes: [1] });
  // The namespaces of a test before this may still have it.
  await until('the module is unloaded', async () => (await unload()).exitCode === 0);
  await host.run('mkdir', ['-p', directory]);
  await host.run('tee', [withoutWireGuard], { input: 'install wireguard /bin/false\n' });
});
afterEach(async () => {
  await host?.run('rm', ['-f', withoutWireGuard]);
  await host?.close();
});

it('`implementation: kernel` without the module makes no tunnel, and says what to do', async () => {
  const name = named('wg_24001');
  const words = /^the kernel has no WireGuard, and the configuration asks for it.*modprobe wireguard/;
  const made = await host.open(host.run, 'kernel').create([name]);
  expect(made).toEqual({
    inKernel: new Set(),
    failures: new Map([[name, expect.stringMatching(words)]]),
  });
});
