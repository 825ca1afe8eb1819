import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InterfaceAddress } from '../../../src/core/model/artifacts.js';
import { type EitherHost, openEitherHost } from './either-host.js';
import { named, until } from './tunnel-host.js';

let host: EitherHost;
beforeAll(async () => {
  host = await openEitherHost('links');
  for (const name of ['wg_1', 'wg_2', 'wg_3']) await host.create(named(name));
});
afterAll(() => host.close());

const linkOf = async (name: string) => (await host.links.observe()).find((link) => link.name === name);

const address = (local: string, prefixLength: number, peer?: string): InterfaceAddress => ({
  local,
  prefixLength,
  peer,
});

const addresses = [
  address('172.20.0.1', 32, '172.20.0.2'),
  address('172.21.0.1', 32),
  address('fd00::1', 128, 'fd00::2'),
  address('fe80::1', 64),
];
const wanted = {
  interface: 'wg_1',
  alias: 'moenet-agent:abc-123',
  mtu: 1400,
  noAutomaticLinkLocal: true,
  addAddresses: addresses,
  up: true,
} as const;

/** The kernel's WireGuard takes all that a TUN device takes and far more. */
const aboveEveryMaximum = 2 ** 31 - 1;

const byLocal = (list: readonly InterfaceAddress[]) =>
  [...list].sort((a, b) => a.local.localeCompare(b.local));

describe('apply', () => {
  it('sets alias, MTU and addresses, and lets the kernel make no link-local address', async () => {
    expect((await host.links.apply([wanted])).size).toBe(0);
    const link = await linkOf('wg_1');
    expect(link).toMatchObject({ alias: 'moenet-agent:abc-123', mtu: 1400, up: true, kind: host.tunnelKind });
    expect(byLocal(link?.addresses ?? [])).toEqual(byLocal(addresses));
  });

  it('does the same again without failing or changing anything', async () => {
    const before = await linkOf('wg_1');
    expect((await host.links.apply([wanted])).size).toBe(0);
    expect(await linkOf('wg_1')).toEqual(before);
  });

  it('gives an address another peer or prefix length', async () => {
    const change = {
      interface: 'wg_1',
      removeAddresses: [address('172.20.0.1', 32, '172.20.0.2'), address('fd00::1', 128, 'fd00::2')],
      addAddresses: [address('172.20.0.1', 32, '172.20.0.3'), address('fd00::1', 64)],
    };
    expect((await host.links.apply([change])).size).toBe(0);
    const after = (await linkOf('wg_1'))?.addresses ?? [];
    expect(byLocal(after)).toEqual(
      byLocal([
        ...change.addAddresses,
        ...addresses.filter((a) => !['172.20.0.1', 'fd00::1'].includes(a.local)),
      ]),
    );
  });

  it('counts an absent object as removed', async () => {
    const change = {
      interface: 'wg_1',
      removeAddresses: [
        address('192.0.2.9', 32),
        address('fd00::9', 128),
        address('10.0.0.1', 32, '10.0.0.2'),
      ],
    };
    expect((await host.links.apply([change])).size).toBe(0);
    const gone = { interface: 'wg_gone', removeAddresses: [address('192.0.2.9', 32)], remove: true as const };
    expect((await host.links.apply([gone])).size).toBe(0);
  });

  it('says which interface failed and why, and does the rest', async () => {
    const failures = await host.links.apply([
      { interface: 'nope', mtu: 1400, up: true },
      { interface: 'wg_2', mtu: 1300 },
      { interface: 'wg_3', mtu: aboveEveryMaximum, alias: 'set all the same' },
      { interface: 'lo', remove: true },
      { interface: 'wg_2', up: true },
    ]);
    expect([...failures.keys()].sort()).toEqual(['lo', 'nope', 'wg_3']);
    expect(failures.get('nope')).toBe('Cannot find device "nope"');
    expect(failures.get('wg_3')).toMatch(/mtu/);
    expect(failures.get('lo')).toMatch(/not supported/);
    expect(await linkOf('wg_2')).toMatchObject({ mtu: 1300, up: true });
    expect(await linkOf('wg_3')).toMatchObject({ alias: 'set all the same' });
  });

  it('sets an alias of any characters it accepts exactly, and refuses the others alone', async () => {
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    const accepted = printable.filter((character) => !'"#\\'.includes(character)).join('');
    for (const alias of [accepted, 'two  spaces', "it's", 'dev', '', 'x'.repeat(255)]) {
      expect((await host.links.apply([{ interface: 'wg_3', alias }])).size).toBe(0);
      expect((await linkOf('wg_3'))?.alias ?? '').toBe(alias);
    }
    const failures = await host.links.apply([
      { interface: 'wg_3', alias: 'a" mtu 1290 alias "b' },
      { interface: 'wg_2', mtu: 1310 },
    ]);
    expect([...failures.keys()]).toEqual(['wg_3']);
    expect((await linkOf('wg_3'))?.mtu).not.toBe(1290);
    expect((await linkOf('wg_2'))?.mtu).toBe(1310);
  });

  it('takes over the dummy0 that its module makes by itself, as any other of that name', async () => {
    await host.run('ip', ['link', 'add', 'dev', 'dummy1', 'type', 'bridge']);
    const loopback = address('172.20.9.9', 32);
    const failed = await host.links.apply([
      {
        interface: 'dummy1',
        create: 'dummy',
        alias: 'moenet-agent:node:',
        addAddresses: [loopback],
        up: true,
      },
    ]);
    expect(failed).toEqual(new Map());
    expect(await linkOf('dummy1')).toMatchObject({ alias: 'moenet-agent:node:', up: true });
    expect((await linkOf('dummy1'))?.addresses).toContainEqual(loopback);
    await host.links.apply([{ interface: 'dummy1', remove: true }]);
  });

  it('makes a dummy interface, or says that this kernel has none', async () => {
    const addAddresses = [address('172.20.9.1', 32)];
    const failures = await host.links.apply([
      { interface: 'dummy0', create: 'dummy', addAddresses, up: true },
    ]);
    const unknown = expect.stringMatching(/Unknown device type/);
    expect(failures).toEqual(new Map(host.hasDummies ? [] : [['dummy0', unknown]]));
    const made = { kind: 'dummy', up: true, addresses: expect.arrayContaining(addAddresses) };
    expect([await linkOf('dummy0')]).toMatchObject([host.hasDummies ? made : undefined]);
    await host.links.apply([{ interface: 'dummy0', remove: true }]);
  });

  it('adds addresses to lo and removes them again', async () => {
    const own = { interface: 'lo', addAddresses: [address('172.20.9.1', 32), address('fd00::9', 128)] };
    expect((await host.links.apply([own])).size).toBe(0);
    expect((await linkOf('lo'))?.addresses).toEqual(expect.arrayContaining(own.addAddresses));
    await host.links.apply([{ interface: 'lo', removeAddresses: own.addAddresses }]);
    expect((await linkOf('lo'))?.addresses.map(({ local }) => local).sort()).toEqual(['127.0.0.1', '::1']);
  });

  it('lets the kernel remove addresses and their routes when their lifetime ends, unless they are confirmed', async () => {
    const lifetimeSeconds = 2 * host.slowness;
    const own = { local: '172.20.9.1', prefixLength: 32, peer: '172.20.9.2' };
    const other = { local: 'fd00::9', prefixLength: 128, peer: 'fd00::a' };
    const seen = async () => (await linkOf('wg_1'))?.addresses ?? [];
    const routes = async () => (await host.run('ip', ['route', 'get', '172.20.9.2'])).stdout;
    await host.links.apply([{ interface: 'wg_1', up: true, addAddresses: [own, other], lifetimeSeconds }]);
    expect(await seen()).toEqual(
      expect.arrayContaining([
        { ...own, expires: true },
        { ...other, expires: true },
      ]),
    );
    expect(await routes()).toContain('dev wg_1');
    await host.links.apply([{ interface: 'wg_1', addAddresses: [other] }]);
    await until('the address is gone', async () => (await seen()).every(({ local }) => local !== own.local));
    expect(await seen()).toContainEqual(other);
    await expect(routes()).rejects.toThrow('unreachable');
  });

  it('deletes an interface, once or twice', async () => {
    const remove = [{ interface: 'wg_2', remove: true as const }];
    expect((await host.links.apply(remove)).size).toBe(0);
    expect(await linkOf('wg_2')).toBeUndefined();
    expect((await host.links.apply(remove)).size).toBe(0);
  });
});

describe('twenty interfaces', () => {
  it('are configured with one ip command, and observed with one ip and one wg', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `wg_many${index}`);
    for (const name of names) await host.create(named(name));
    host.commands.length = 0;
    const changes = names.map((name, index) => ({
      ...wanted,
      interface: name,
      addAddresses: [address(`fe80::${index + 1}`, 64)],
    }));
    expect((await host.links.apply(changes)).size).toBe(0);
    expect(host.commands).toEqual(['ip']);

    const [links, devices] = [await host.links.observe(), await host.wireguard.observe()];
    expect(host.commands).toEqual(['ip', 'ip', 'wg']);
    const seen = links.filter(({ name }) => names.includes(name));
    expect(seen.map(({ addresses: own }) => own.map(({ local }) => local))).toEqual(
      changes.map(({ addAddresses }) => addAddresses.map(({ local }) => local)),
    );
    expect(devices.map((device) => device.interface)).toEqual(expect.arrayContaining(names));

    host.commands.length = 0;
    await host.links.apply(names.map((name) => ({ interface: name, remove: true })));
    expect(host.commands).toEqual(['ip']);
  });
});
