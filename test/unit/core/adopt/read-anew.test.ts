import { describe, expect, it } from 'vitest';
import { isOnlyReadAnew } from '../../../../src/core/adopt/read-anew.js';

const neighbor = 'fe80::2';
const wish = (families: readonly string[]) =>
  JSON.stringify([4_242_421_080, 'wg_24001', [{ name: 'dn42_4242421080', families }]]);
const running = (...channels: readonly string[]) => ({
  wish: wish(['ipv6']),
  protocols: [{ neighbor, channels: channels.map((name) => ({ name, options: [] })) }],
});
const now = (families: readonly string[]) => ({
  wish: wish(families),
  protocols: [{ name: 'dn42_4242421080', neighbor, families }],
});
const isOnly = (before: unknown, after: unknown) => isOnlyReadAnew(before as never, after as never);

describe('a row that the upgraded agent reads differently', () => {
  it('changes nothing if what runs is wanted now, in whatever order its channels stand', () => {
    expect(isOnly(running('ipv4', 'ipv6'), now(['ipv4', 'ipv6']))).toBe(true);
    expect(isOnly(running('ipv6', 'ipv4'), now(['ipv4', 'ipv6']))).toBe(true);
  });

  it('is a change where another family runs, the neighbor is another, or the wish is no wish', () => {
    expect(isOnly(running('ipv6'), now(['ipv4', 'ipv6']))).toBe(false);
    expect(isOnly(running('ipv4', 'ipv6'), now(['ipv4']))).toBe(false);
    expect(isOnly({ ...running('ipv6'), wish: 'no JSON' }, now(['ipv6']))).toBe(false);
    const elsewhere = {
      ...now(['ipv6']),
      protocols: [{ ...now(['ipv6']).protocols[0], neighbor: 'fe80::3' }],
    };
    expect(isOnly(running('ipv6'), elsewhere)).toBe(false);
  });
});
