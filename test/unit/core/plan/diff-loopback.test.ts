import { describe, expect, it } from 'vitest';
import type { ObservedAddress } from '../../../../src/core/model/observed.js';
import { diffLoopback, type LoopbackCarrier } from '../../../../src/core/plan/diff-loopback.js';
import { makeLink } from '../../make.js';

const address = (local: string, prefixLength = 32): ObservedAddress => ({
  local,
  prefixLength,
  peer: undefined,
});
const own = address('172.22.188.1');
const own6 = address('fd00:4242:7777:101:1::1', 128);
const others = address('10.0.0.1');
const mark = 'moenet-agent:node:';
const dummy = (addresses: readonly ObservedAddress[], part = {}) =>
  makeLink({ name: 'dummy0', alias: mark, addresses, ...part });

/** What is to be done to give the node both of its addresses. */
function diff(
  links: readonly ReturnType<typeof makeLink>[],
  {
    name = 'dummy0',
    wanted = [own, own6],
    previous = [] as string[],
    unmarked = [] as string[],
    carrier = undefined as LoopbackCarrier | undefined,
  } = {},
) {
  const changes = diffLoopback(name, wanted, links, { addresses: previous, unmarked, carrier });
  return changes.map((change) => (change.kind === 'set-loopback' ? [change.link, change.why] : change));
}

it('a correct loopback needs no change, whatever else is on it', () => {
  expect(diff([dummy([own, own6, others])])).toEqual([]);
});

it('a missing one is created, marked and up, with all addresses; without addresses none is created', () => {
  const link = { interface: 'dummy0', create: 'dummy', alias: mark, addAddresses: [own, own6], up: true };
  expect(diff([])).toEqual([[link, expect.stringContaining('172.22.188.1/32, fd00:4242:7777:101:1::1/128')]]);
  expect(diff([], { wanted: [] })).toEqual([]);
});

describe('a difference is repaired, and the reason is named', () => {
  const change = (part: object) => ({ interface: 'dummy0', ...part });

  it.each<[string, ReturnType<typeof makeLink>, Parameters<typeof diff>[1], object, string]>([
    [
      'an address that is missing',
      dummy([own]),
      {},
      { addAddresses: [own6] },
      'add fd00:4242:7777:101:1::1/128',
    ],
    [
      'an address on trial',
      dummy([own, { ...own6, expires: true }]),
      {},
      { addAddresses: [own6] },
      'add fd00:4242:7777:101:1::1/128',
    ],
    [
      'an address that was the node’s before',
      dummy([own, own6, others]),
      { previous: ['10.0.0.1/32', '172.22.188.1/32'] },
      { removeAddresses: [others] },
      'remove 10.0.0.1/32',
    ],
    ['a link that is down', dummy([own, own6], { up: false }), {}, { up: true }, 'it is down'],
    [
      'a link that the agent began to make',
      dummy([own, own6], { alias: undefined }),
      { unmarked: ['dummy0'] },
      { alias: mark },
      'the agent made it, but ended before it could mark it',
    ],
  ])('%s', (_, link, options, part, why) => {
    expect(diff([link], options)).toEqual([[change(part), why]]);
  });
});

it('a link that others marked, or that the agent did not begin to make, is not marked', () => {
  expect(diff([dummy([own, own6], { alias: 'mine' })], { unmarked: ['dummy0'] })).toEqual([]);
  expect(diff([dummy([own, own6], { alias: undefined })])).toEqual([]);
});

it('lo is the loopback if it has one of the addresses and there is no other', () => {
  const lo = makeLink({ name: 'lo', alias: undefined, addresses: [own] });
  expect(diff([lo])).toEqual([
    [{ interface: 'lo', addAddresses: [own6] }, 'add fd00:4242:7777:101:1::1/128'],
  ]);
  expect(diff([lo, dummy([own, own6])])).toEqual([]);
  expect(diff([{ ...lo, addresses: [others] }])).toMatchObject([[{ create: 'dummy' }, expect.any(String)]]);
});

describe('another interface in the configuration', () => {
  const bare = makeLink({ name: 'lo', alias: undefined, addresses: [] });
  const lo = { ...bare, addresses: [own, own6, others] };
  const previous = ['172.22.188.1/32', 'fd00:4242:7777:101:1::1/128'];
  const create = { interface: 'loop1', create: 'dummy', alias: mark, addAddresses: [own, own6], up: true };
  const why = "the node's addresses are on loop1 now";
  const links = (found: ReturnType<typeof diff>) =>
    found.map((change) => (Array.isArray(change) ? change[0] : change));

  it('is created, and the one that the agent created before is removed', () => {
    const found = diff([dummy([own, own6])], {
      name: 'loop1',
      previous,
      carrier: { wanted: 'dummy0', actual: 'dummy0' },
    });
    expect(found).toEqual([
      [create, expect.any(String)],
      [{ interface: 'dummy0', remove: true }, why],
    ]);
    expect(links(diff([dummy([own, own6])], { name: 'loop1' }))).toEqual([
      create,
      { interface: 'dummy0', remove: true },
    ]);
  });

  it('is created also if lo had the addresses, and those that the agent put there are removed', () => {
    const carrier = { wanted: 'lo', actual: 'lo' };
    expect(links(diff([lo], { name: 'loop1', previous, carrier }))).toEqual([
      create,
      { interface: 'lo', removeAddresses: [own, own6] },
    ]);
  });

  it('may be lo, or one of somebody else’s', () => {
    const carrier = { wanted: 'dummy0', actual: 'dummy0' };
    expect(links(diff([bare, dummy([own, own6])], { name: 'lo', previous, carrier }))).toEqual([
      { interface: 'lo', addAddresses: [own, own6] },
      { interface: 'dummy0', remove: true },
    ]);
    const theirs = dummy([own, own6, others], { alias: 'mine' });
    expect(links(diff([bare, theirs], { name: 'lo', previous, carrier }))).toEqual([
      { interface: 'lo', addAddresses: [own, own6] },
      { interface: 'dummy0', removeAddresses: [own, own6] },
    ]);
  });

  it('is lo for good if the kernel could not create it, and nothing is tried again', () => {
    expect(diff([lo], { previous, carrier: { wanted: 'dummy0', actual: 'lo' } })).toEqual([]);
  });

  it('takes nothing off an interface on which the agent never put anything', () => {
    const theirs = makeLink({ name: 'eth0', alias: undefined, addresses: [own] });
    expect(
      diff([dummy([own, own6]), theirs], { previous, carrier: { wanted: 'dummy0', actual: 'dummy0' } }),
    ).toEqual([]);
  });
});
