import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { genkey } from '../../../src/adapters/wireguard/wg.js';
import { type Run, run } from '../../../src/platform/exec.js';
import { named, openTunnelHost } from './tunnel-host.js';

// On whatever this machine has: the kernel's WireGuard, or else wireguard-go.
let host: Awaited<ReturnType<typeof openTunnelHost>>;
beforeAll(async () => {
  host = await openTunnelHost('wireguard-ports', 'auto');
});
afterAll(() => host.close());

const names = ['wg_1', 'wg_2'].map(named);

async function sync(name: string, port: number): Promise<void> {
  const key = (await genkey(run)).reveal();
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

it('several are made at once, and the kernel makes them all by two commands', async () => {
  const commands: string[] = [];
  const counting: Run = (program, args, options) => {
    commands.push(program);
    return host.namespace.run(program, args, options);
  };
  const many = Array.from({ length: 5 }, (_, index) => named(`wg_many${index}`));
  const { inKernel, failures } = await host.open(counting).create(many);
  expect(failures).toEqual(new Map());
  const kinds = new Map((await host.links.observe()).map(({ name, kind }) => [name, kind]));
  expect(many.map((name) => kinds.get(name))).toEqual(
    many.map((name) => (inKernel.has(name) ? 'wireguard' : 'tun')),
  );
  if (inKernel.size > 0) expect(commands).toEqual(['ip', 'ip']);
  await host.links.apply(many.map((name) => ({ interface: name, remove: true })));
});

it('one that the kernel serves comes up on the port that it was given before', async () => {
  const { inKernel } = await host.open(host.namespace.run).create(names);
  for (const [index, name] of names.entries()) await sync(name, 24001 + index);
  if (inKernel.size > 0) expect(await ports()).toEqual([24001, 24002]);
  await setUp();
  expect(await ports()).toEqual([24001, 24002]);
});

it('asks for the kernel’s alone where the configuration does, and says what to do without', async () => {
  const { inKernel, failures } = await host.open(host.namespace.run, 'kernel').create(names);
  if (inKernel.size === 0) expect(failures.get('wg_1')).toMatch(/^the kernel has no WireGuard.*modprobe/);
  else expect(inKernel).toEqual(new Set(names));
});
