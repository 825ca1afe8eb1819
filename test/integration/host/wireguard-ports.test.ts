import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { genkey } from '../../../src/adapters/wireguard/wg.js';
import { type EitherHost, openEitherHost } from './either-host.js';
import { named } from './tunnel-host.js';

// On what the host has: the kernel's WireGuard, or else wireguard-go.
let host: EitherHost;
beforeAll(async () => {
  host = await openEitherHost('wireguard-ports', 'auto');
});
afterAll(() => host.close());

const names = ['wg_1', 'wg_2'].map(named);

async function sync(name: string, port: number): Promise<void> {
  const key = (await genkey(host.run)).reveal();
  await host.wireguard.syncConfig(named(name), `[Interface]\nPrivateKey = ${key}\nListenPort = ${port}\n`);
}

const ports = async () => {
  const devices = new Map((await host.wireguard.observe()).map((device) => [device.interface, device]));
  return names.map((name) => devices.get(name)?.listenPort);
};
const setUp = () => host.links.apply(names.map((name) => ({ interface: name, up: true })));

afterEach(() => host.links.apply(names.map((name) => ({ interface: name, remove: true }))));

describe('two interfaces that exchange their ports', () => {
  beforeEach(async () => {
    for (const [index, name] of names.entries()) {
      await host.create(name);
      await sync(name, 24001 + index);
    }
    expect(await setUp()).toEqual(new Map());
  });

  it('cannot do so one after the other', async () => {
    await expect(sync('wg_1', 24002)).rejects.toThrow(/in use/);
  });

  it('do so when both have let go of them', async () => {
    for (const name of names) await host.wireguard.freePort(name);
    await sync('wg_1', 24002);
    await sync('wg_2', 24001);
    expect(await ports()).toEqual([24002, 24001]);
  });
});

/** Those of the names that the kernel must make here. */
const kernels = (all: typeof names) => new Set(host.tunnelKind === 'wireguard' ? all : []);

it('several are made at once: by two commands in the kernel, else by one wireguard-go each', async () => {
  const many = Array.from({ length: 5 }, (_, index) => named(`wg_many${index}`));
  // That the kernel has no WireGuard is known by now.
  host.commands.length = 0;
  expect(await host.wireguard.create(many)).toEqual({ inKernel: kernels(many), failures: new Map() });
  const byKind = { wireguard: ['ip', 'ip'], tun: many.map(() => 'wireguard-go') };
  expect(host.commands).toEqual(byKind[host.tunnelKind]);
  const kinds = new Map((await host.links.observe()).map(({ name, kind }) => [name, kind]));
  expect(many.map((name) => kinds.get(name))).toEqual(many.map(() => host.tunnelKind));
  await host.links.apply(many.map((name) => ({ interface: name, remove: true })));
});

it('one comes up on the port that it was given before', async () => {
  await host.wireguard.create(names);
  for (const [index, name] of names.entries()) await sync(name, 24001 + index);
  expect(await ports()).toEqual([24001, 24002]);
  await setUp();
  expect(await ports()).toEqual([24001, 24002]);
});

it('asks for the kernel’s alone where the configuration does, and says what to do without', async () => {
  const { inKernel, failures } = await host.open(host.run, 'kernel').create(names);
  expect(inKernel).toEqual(kernels(names));
  const words = expect.stringMatching(/^the kernel has no WireGuard.*modprobe/);
  const without = names.filter((name) => !inKernel.has(name));
  expect(failures).toEqual(new Map(without.map((name) => [name, words])));
});
