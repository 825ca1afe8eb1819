import { beforeEach, describe, expect, it } from 'vitest';
import { openMemory } from '../../../../src/shell/pass/memory.js';
import { reconcile } from '../../../../src/shell/pass/pass.js';
import { bootstrap, makeEntry, nodeSettings, v6 } from '../../make.js';
import { makePassedNode, type Pass, type PassedNode, signal, snapshot } from './passed-node.js';

let host: PassedNode['host'];
let state: PassedNode['state'];
let memory: PassedNode['memory'];
let context: PassedNode['context'];
let pass: Pass;

beforeEach(async () => {
  ({ host, state, memory, context, pass } = await makePassedNode());
});

describe('the loopback addresses', () => {
  it('stand on a dummy interface that is marked', async () => {
    await pass([]);
    expect(host.linkTable.get('dummy0')).toMatchObject({ alias: 'moenet-agent:node:', up: true });
    expect(host.linkTable.get('dummy0')?.addresses.map(({ local }) => local)).toEqual([
      '172.22.188.1',
      'fd00:4242:7777:101:1::1',
    ]);
  });

  it('are on lo where the kernel has no dummy device, and no change is left', async () => {
    host.hasDummy = false;
    const { failures } = await pass([]);
    expect([...failures]).toEqual([]);
    expect(host.linkTable.get('lo')?.addresses).toHaveLength(2);
    expect((await pass([])).plan.changes).toEqual([]);
  });

  it('stand on an interface that is remembered before it is made, and not where only an address is missing', async () => {
    const { apply } = host.links;
    const remembered: (readonly string[])[] = [];
    host.links.apply = async (changes) => {
      remembered.push([...memory.current.creating]);
      return apply(changes, signal);
    };
    await pass([]);
    Object.assign(host.linkTable.get('dummy0') ?? {}, { addresses: [] });
    await pass([]);
    expect(host.linkTable.get('dummy0')?.addresses).toHaveLength(2);
    expect(remembered).toEqual([['dummy0'], []]);
  });

  it('stand on an interface that is the agent’s also where it could not be marked at first', async () => {
    const { apply } = host.links;
    host.links.apply = async (changes) => {
      await apply([{ interface: 'dummy0', create: 'dummy' }], signal);
      return new Map(changes.map((each) => [each.interface, 'busy']));
    };
    await pass([]);
    expect(host.linkTable.get('dummy0')?.alias).toBeUndefined();
    host.links.apply = apply;
    await pass([]);
    expect(host.linkTable.get('dummy0')).toMatchObject({ alias: 'moenet-agent:node:', up: true });
  });

  it('that stand nowhere are a failure, in the words of ip', async () => {
    host.links.apply = async (changes) =>
      new Map(
        changes.map(({ interface: name }) => [name, name === 'lo' ? 'no permission' : 'Unknown device type']),
      );
    const { failures } = await pass([]);
    expect([...failures]).toEqual([
      [{ kind: 'node' }, 'could not set the loopback addresses: no permission'],
    ]);
  });

  it('that changed replace those that the agent had set, and no others', async () => {
    host.hasDummy = false;
    const foreign = { local: '10.9.9.9', prefixLength: 32, peer: undefined };
    Object.assign(host.linkTable.get('lo') ?? {}, { addresses: [foreign] });
    await pass([]);
    const moved = { ...bootstrap, node: { ...bootstrap.node, loopbackIpv6: v6('fd00:4242:7777:101:9::1') } };
    await pass([], { config: moved });
    expect(host.linkTable.get('lo')?.addresses.map(({ local }) => local)).toEqual([
      '10.9.9.9',
      '172.22.188.1',
      'fd00:4242:7777:101:9::1',
    ]);
  });
});

describe('another loopback interface in the configuration', () => {
  const with_ = (loopbackInterface: string) => ({
    ...context,
    settings: { ...nodeSettings, loopbackInterface },
  });
  const addresses = () =>
    Object.fromEntries(
      [...host.linkTable.values()]
        .filter(({ name }) => /^(lo|dummy)/.test(name))
        .map(({ name, addresses }) => [name, addresses.map(({ local }) => local)]),
    );
  const own = ['172.22.188.1', 'fd00:4242:7777:101:1::1'];
  const make = (name: string) => reconcile(with_(name), snapshot([makeEntry()]), signal);

  it.each([
    ['dummy0', 'dummy1', { lo: [], dummy1: own }],
    ['dummy0', 'lo', { lo: own }],
    ['lo', 'dummy0', { lo: [], dummy0: own }],
  ])(
    'from %s to %s moves the addresses in one pass, which leaves nothing behind',
    async (from, to, expected) => {
      await make(from);
      const result = await make(to);
      expect([addresses(), [...result.failures]]).toEqual([expected, []]);
      expect((await make(to)).plan.changes).toEqual([]);
    },
  );

  it('is lo for good where the kernel has no dummy, also after a restart', async () => {
    host.hasDummy = false;
    await make('dummy0');
    expect(addresses()).toEqual({ lo: own });
    expect((await make('dummy0')).plan.changes).toEqual([]);
    context = { ...context, memory: await openMemory(state) };
    expect((await make('dummy0')).plan.changes).toEqual([]);
    await make('dummy1');
    expect([addresses(), (await make('dummy1')).plan.changes]).toEqual([{ lo: own }, []]);
  });

  it('keeps the old one where the new one cannot be had', async () => {
    await make('dummy0');
    const { apply } = host.links;
    Object.assign(host.links, {
      apply: async (changes: Parameters<typeof apply>[0]) => {
        const isBad = changes.some(({ interface: name }) => name === 'dummy1');
        return isBad ? new Map([['dummy1', 'Operation not permitted']]) : apply(changes);
      },
    });
    const result = await make('dummy1');
    expect(addresses()).toEqual({ lo: [], dummy0: own });
    expect(result.failures.get({ kind: 'node' })).toMatch(/Operation not permitted/);
  });
});
