import { describe, expect, it } from 'vitest';
import {
  cacheAddresses,
  cacheProblems,
  resolveCaches,
  withCacheAddresses,
} from '../../../../src/core/desired/rpki-caches.js';
import { v4 } from '../../make.js';

const named = { name: 'two', host: 'rpki.example.net', port: 8082 };
const literal = { name: 'one', host: '10.5.0.3', port: 8082 };
const dns = (...addresses: string[]) => new Map([['rpki.example.net', addresses]]);
const before = { 'rpki.example.net': '10.5.0.4' };
const dead = new Map<string, readonly string[]>();

const addressIn = (resolved: ReadonlyMap<string, readonly string[]>, known = {}) =>
  resolveCaches([named], resolved, known)[0]?.address;

describe('the address of a cache with a name', () => {
  it('is the first that DNS names', () => {
    expect(addressIn(dns('10.5.0.9', '10.5.0.4'))).toBe('10.5.0.9');
  });

  it('stays as long as DNS names it, in whatever order', () => {
    expect(addressIn(dns('10.5.0.9', '10.5.0.4'), before)).toBe('10.5.0.4');
  });

  it('changes when DNS names only others', () => {
    expect(addressIn(dns('10.5.0.9'), before)).toBe('10.5.0.9');
  });

  it('stays while DNS fails, and is unknown if it never had one', () => {
    expect(addressIn(dead, before)).toBe('10.5.0.4');
    expect(addressIn(dead)).toBeUndefined();
  });

  it('is never one that BIRD refuses, and always an address', () => {
    expect(addressIn(dns('0.0.0.0', '::', '10.5.0.9'))).toBe('10.5.0.9');
    expect(addressIn(dead, { 'rpki.example.net': '"; quit' })).toBeUndefined();
  });
});

it('a cache with an address needs no DNS, and nothing is remembered of it', () => {
  const caches = resolveCaches([literal], dead, before);
  expect(caches).toEqual([literal]);
  expect([cacheAddresses(caches), cacheProblems(caches, [])]).toEqual([{}, []]);
});

it('the same caches in another order are remembered as the same text', () => {
  const other = { name: 'other', host: 'a.example.net', port: 8082 };
  const known = { 'rpki.example.net': '10.5.0.4', 'a.example.net': '10.5.0.5' };
  const text = (servers: readonly (typeof named)[]) =>
    JSON.stringify(cacheAddresses(resolveCaches(servers, dead, known)));
  expect(text([named, other])).toBe(text([other, named]));
});

it('what is remembered are the addresses of the caches that there are', () => {
  expect(cacheAddresses(resolveCaches([named], dead, { ...before, 'old.example.net': '10.5.0.1' }))).toEqual(
    before,
  );
});

describe('a name that does not resolve', () => {
  it('is named, with what BIRD has instead', () => {
    expect(cacheProblems([{ ...named, address: undefined }], ['rpki.example.net'])).toEqual([
      'RPKI cache two: its name rpki.example.net has no address yet; the agent leaves it out of BIRD and asks DNS again at each pass',
    ]);
    const kept = [{ ...named, address: v4('10.5.0.4') }];
    expect(cacheProblems(kept, ['rpki.example.net'])).toEqual([
      'RPKI cache two: its name rpki.example.net does not resolve now; BIRD goes on with its last address 10.5.0.4',
    ]);
    expect(cacheProblems(kept, [])).toEqual([]);
  });
});

it('the node depends on the address that BIRD uses, also if DNS does not name it', () => {
  const surroundings = { controlPlane: [], resolvers: [], rtrCaches: [v4('10.5.0.9')] };
  const caches = [{ ...named, address: v4('10.5.0.4') }];
  expect(withCacheAddresses({ surroundings }, caches).surroundings?.rtrCaches).toEqual([
    '10.5.0.4',
    '10.5.0.9',
  ]);
  expect(withCacheAddresses({}, caches)).toEqual({});
});
