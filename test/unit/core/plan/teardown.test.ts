import { describe, expect, it } from 'vitest';
import type { ObservedLink } from '../../../../src/core/model/observed.js';
import { type NftSet, nftSet } from '../../../../src/core/model/values/port-set.js';
import { planTeardown, type Remains } from '../../../../src/core/plan/teardown.js';

const link = (name: string, alias?: string, ...addresses: string[]): ObservedLink => ({
  name,
  alias,
  kind: undefined,
  mtu: 1420,
  up: true,
  addresses: addresses.map((local) => ({ local, prefixLength: 32, peer: undefined })),
});

const nothing: Remains = {
  links: [],
  rules: [],
  bird: { files: new Map(), copies: [], included: undefined },
  portSets: [],
  loopbackInterface: 'dummy0',
  loopbackAddresses: ['172.22.188.1'],
  memory: { loopback: [], loopbackCarrier: undefined, creating: [] },
};

const named = (remains: Partial<Remains>) =>
  planTeardown({ ...nothing, ...remains }).items.map(
    ({ kind, name, effect }) => `${kind} ${name}: ${effect}`,
  );

const own = '# moenet-agent:abc-123\n';

describe('what a teardown removes', () => {
  it('is nothing on a node where the agent never was', () => {
    const links = [link('eth0', undefined, '192.0.2.1'), link('dummy0', 'mine'), link('wg0', 'moenet-agent')];
    const files = new Map([['bird.conf', 'router id 192.0.2.1;\n']]);
    const plan = planTeardown({
      ...nothing,
      links,
      bird: { ...nothing.bird, files, included: 'moenet-agent.conf' },
    });
    expect([plan.items, plan.links, plan.bird.include]).toEqual([[], [], undefined]);
  });

  it('is each interface with the mark, tunnels first, and those that the agent began to make', () => {
    const links = [
      link('dummy0', 'moenet-agent:node:'),
      link('wg_1', 'moenet-agent:abc-123'),
      link('wg_2'),
      link('wg_3', 'somebody'),
    ];
    const memory = { ...nothing.memory, creating: ['wg_2', 'wg_3', 'wg_4'] };
    expect(named({ links, memory })).toEqual([
      'tunnel wg_1: removed; it is of session abc-123',
      'interface dummy0: removed; it is of the node',
      'interface wg_2: removed; the agent began to make it',
    ]);
  });

  it('is of another’s interface only the addresses that the agent set', () => {
    const links = [
      link('dummy0', undefined, '172.22.188.1', '192.0.2.9'),
      link('lo', undefined, '127.0.0.1', '172.22.188.1'),
      link('eth0', undefined, '172.22.188.1'),
    ];
    const memory = {
      loopback: ['172.22.188.1/32'],
      loopbackCarrier: { wanted: 'dummy0', actual: 'lo' },
      creating: [],
    };
    expect(named({ links, memory })).toEqual([
      'address 172.22.188.1/32 on dummy0: removed; the interface stays',
      'address 172.22.188.1/32 on lo: removed; the interface stays',
    ]);
    expect(planTeardown({ ...nothing, links }).leftAlone).toEqual([
      'address 172.22.188.1/32 on dummy0: the agent does not remember that it set it',
    ]);
  });

  it('says nothing of the addresses on an interface that goes as a whole, remembered or not', () => {
    const links = [link('dummy0', 'moenet-agent:node:', '172.22.188.1')];
    const { items, leftAlone } = planTeardown({ ...nothing, links });
    expect(items.map(({ name }) => name)).toEqual(['dummy0']);
    expect(leftAlone).toEqual([]);
  });

  it('is of a set of ports the elements with the mark; a set that is gone needs nothing, one that nft cannot read is left', () => {
    const [read, gone, unread] = ['inet filter read', 'inet filter gone', 'inet filter unread'].map((name) =>
      nftSet.parse(name),
    ) as [NftSet, NftSet, NftSet];
    const elements = [
      { port: 24001, isOurs: true },
      { port: 51820, isOurs: false },
    ];
    const plan = planTeardown({
      ...nothing,
      portSets: [
        { set: read, elements },
        { set: gone, problem: `nft has no set ${gone}`, isMissing: true },
        { set: unread, problem: `nft cannot read ${unread}`, isMissing: false },
      ],
    });
    expect(plan.ports).toEqual([{ set: read, remove: [24001] }]);
    expect(plan.items.map(({ name, effect }) => `${name} ${effect}`)).toEqual([
      'inet filter read loses 1 port (24001); the set stays',
    ]);
    expect(plan.leftAlone).toEqual(['nft cannot read inet filter unread']);
  });

  it('gives back what the agent replaced, and BIRD a configuration in any case', () => {
    const files = new Map([
      ['bird.conf', own],
      ['peers/a.conf', own],
      ['peers/b.conf', own],
      ['peers/mine.conf', '# mine\n'],
    ]);
    const copies = ['peers/a.conf.orig', 'peers/b.conf.edited', 'peers/mine.conf.orig'];
    const { bird } = planTeardown({ ...nothing, bird: { files, copies, included: undefined } });
    expect(bird).toEqual({
      remove: ['peers/b.conf'],
      giveBack: [
        { path: 'bird.conf', from: undefined },
        { path: 'peers/a.conf', from: 'peers/a.conf.orig' },
      ],
      include: undefined,
    });
  });

  it('takes the include line out only with the file that it includes', () => {
    const files = new Map([['moenet-agent.conf', own]]);
    const bird = { files, copies: [], included: 'moenet-agent.conf' };
    expect(named({ bird })).toEqual([
      'line include "moenet-agent.conf";: removed from bird.conf',
      'BIRD file moenet-agent.conf: removed',
    ]);
  });
});
