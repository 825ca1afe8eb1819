import { describe, expect, it } from 'vitest';
import type { Change } from '../../../../src/core/model/change.js';
import type { ObservedAddress } from '../../../../src/core/model/observed.js';
import { interfaceName } from '../../../../src/core/model/values/interface-name.js';
import { confirmationOf, type Network, restorationOf } from '../../../../src/core/plan/restoration.js';
import { makeLink, makeWireGuard, peerKey } from '../../make.js';

const owner = { kind: 'node' } as const;
const name = interfaceName.parse('wg_24001');
const address = (local: string, part: Partial<ObservedAddress> = {}): ObservedAddress => ({
  local,
  prefixLength: 64,
  peer: undefined,
  ...part,
});
const [first, second] = [address('fe80::1'), address('fe80::2')];
const network = (part: Partial<Network> = {}): Network => ({
  links: [makeLink({ addresses: [first] })],
  wireguard: [makeWireGuard()],
  ...part,
});
const setLink: Change = {
  kind: 'set-link',
  owner,
  link: { interface: name, addAddresses: [second] },
  why: '',
};
const sync: Change = {
  kind: 'sync-wireguard',
  owner,
  tunnel: {
    owner,
    interface: name,
    mtu: 1420,
    listenPort: 24001,
    addresses: [],
    peer: {
      publicKey: peerKey,
      presharedKey: undefined,
      endpoint: undefined,
      allowedIps: [],
      persistentKeepaliveSeconds: 25,
    },
  },
  endpoint: undefined,
  why: '',
};
const create: Change = { kind: 'create-tunnel', owner, interface: name, replace: false, why: '' };
const remove: Change = { kind: 'remove-tunnel', owner, interface: name, first: false, why: '' };

describe('what takes changes of the network back', () => {
  it('changes nothing if nothing differs, except a device whose configuration was changed', () => {
    const nothing = { create: [], links: [], freePorts: [], devices: [] };
    expect(restorationOf([setLink], network(), network())).toEqual(nothing);
    expect(restorationOf([sync], network(), network())).toEqual({
      ...nothing,
      devices: network().wireguard,
    });
  });

  it('touches nothing that the changes do not name', () => {
    const other = makeLink({ name: 'wg_24002', mtu: 1500 });
    const before = network({ links: [...network().links, makeLink({ name: 'wg_24002' })] });
    const now = network({ links: [...network().links, other] });
    expect(restorationOf([setLink], before, now).links).toEqual([]);
    expect(restorationOf([], before, now)).toEqual({ create: [], links: [], freePorts: [], devices: [] });
  });

  it('sets what differs, and no more: mark, MTU, up, addresses', () => {
    const now = network({ links: [makeLink({ alias: 'x', mtu: 1400, up: false, addresses: [second] })] });
    expect(restorationOf([setLink], network(), now).links).toEqual([
      {
        interface: name,
        alias: 'moenet-agent:abc-123',
        mtu: 1420,
        up: true,
        removeAddresses: [second],
        addAddresses: [first],
      },
    ]);
  });

  it('takes no link up that was down', () => {
    const down = network({ links: [makeLink({ up: false, addresses: [first] })] });
    expect(restorationOf([setLink], down, network()).links).toEqual([]);
  });

  it('does not bring an address back that was on trial itself', () => {
    const before = network({ links: [makeLink({ addresses: [address('fe80::1', { expires: true })] })] });
    const now = network({ links: [makeLink({ addresses: [] })] });
    expect(restorationOf([setLink], before, now).links).toEqual([]);
  });

  it('removes a tunnel that the agent created, and none that somebody else created meanwhile', () => {
    const nothing: Network = { links: [], wireguard: [] };
    expect(restorationOf([create], nothing, network())).toEqual({
      create: [],
      links: [{ interface: name, remove: true }],
      freePorts: [],
      devices: [],
    });
    expect(restorationOf([setLink], nothing, network()).links).toEqual([]);
    expect(restorationOf([create], nothing, nothing).links).toEqual([]);
  });

  it('creates a removed tunnel again, up and with everything that it had', () => {
    expect(restorationOf([remove], network(), { links: [], wireguard: [] })).toEqual({
      create: [name],
      links: [
        {
          interface: name,
          noAutomaticLinkLocal: true,
          alias: 'moenet-agent:abc-123',
          mtu: 1420,
          up: true,
          addAddresses: [first],
        },
      ],
      freePorts: [],
      devices: network().wireguard,
    });
  });

  it('does not try to create again what is no WireGuard interface', () => {
    const before = network({ wireguard: [] });
    expect(restorationOf([remove], before, { links: [], wireguard: [] })).toEqual({
      create: [],
      links: [],
      freePorts: [],
      devices: [],
    });
  });

  it('restores the loopback in its place: on its own interface, which is removed if it was created, or on lo', () => {
    const loopback: Change = {
      kind: 'set-loopback',
      owner,
      link: { interface: 'dummy0', create: 'dummy', addAddresses: [second] },
      why: '',
    };
    const lo = makeLink({ name: 'lo', addresses: [first] });
    const before: Network = { links: [lo], wireguard: [] };
    const now = [{ ...lo, addresses: [first, second] }, makeLink({ name: 'dummy0' })];
    expect(restorationOf([loopback], before, { links: now, wireguard: [] }).links).toEqual([
      { interface: 'dummy0', remove: true },
      { interface: 'lo', removeAddresses: [second] },
    ]);
  });
});

describe('what makes addresses on trial stay', () => {
  const onTrial = { ...second, expires: true };

  it('names those that the changes added and that are on trial, once each', () => {
    const links = [makeLink({ addresses: [first, onTrial] })];
    expect(confirmationOf([setLink, setLink], links)).toEqual([{ interface: name, addAddresses: [second] }]);
  });

  it.each([
    ['stay already', [first, second]],
    ['are others’', [address('fe80::9', { expires: true })]],
    ['are not there', []],
  ])('is nothing where they %s', (_, addresses) => {
    expect(confirmationOf([setLink], [makeLink({ addresses })])).toEqual([]);
    expect(confirmationOf([setLink], [])).toEqual([]);
  });
});

describe('ports that two interfaces have exchanged', () => {
  const [other, third] = [interfaceName.parse('wg_24002'), interfaceName.parse('wg_24003')];
  const exchange = [sync, { ...sync, tunnel: { ...sync.tunnel, interface: other } }];
  const listening = (...ports: (readonly [name: string, port: number])[]) =>
    network({ wireguard: ports.map(([each, listenPort]) => makeWireGuard({ interface: each, listenPort })) });

  it('are released before they are exchanged back', () => {
    const back = restorationOf(exchange, listening([name, 1], [other, 2]), listening([name, 2], [other, 1]));
    expect(back.freePorts).toEqual([name, other]);
    expect(back.devices.map(({ listenPort }) => listenPort)).toEqual([1, 2]);
  });

  it('are restored also if one was freed and the other not set yet', () => {
    const free: Change = { kind: 'free-port', owner, interface: third, port: 3, why: '' };
    const back = restorationOf([free], listening([third, 3]), listening([third, 50_000]));
    expect(back.devices.map(({ listenPort }) => listenPort)).toEqual([3]);
  });

  it('are left to a device that could not be read', () => {
    const unread = { reason: '', server: undefined };
    const before = network({ wireguard: [makeWireGuard({ unread })] });
    expect(restorationOf([sync], before, network()).devices).toEqual([]);
  });
});

it('a loopback that was replaced is created again, with its mark and addresses', () => {
  const dummy = makeLink({ name: 'dummy0', kind: 'dummy', alias: 'moenet-agent:node:', addresses: [first] });
  const removal: Change = {
    kind: 'set-loopback',
    owner,
    link: { interface: 'dummy0', remove: true },
    why: '',
  };
  const back = restorationOf([removal], network({ links: [dummy] }), network({ links: [] }));
  expect(back).toMatchObject({ create: [], devices: [] });
  expect(back.links).toEqual([
    {
      interface: 'dummy0',
      create: 'dummy',
      alias: 'moenet-agent:node:',
      mtu: 1420,
      up: true,
      addAddresses: [first],
    },
  ]);
});
