import { describe, expect, it } from 'vitest';
import { cachesToSave, roaFallback } from '../../../../../src/core/desired/tables/saved-roas.js';
import type { ObservedBird } from '../../../../../src/core/model/observed.js';
import { formatRoa, type SavedRoas, sortRoas } from '../../../../../src/core/model/saved-roas.js';
import { roaFile } from '../../../../../src/core/render/roa-file.js';
import { makeProtocol } from '../../../../../src/lab/simulated/machine/fake-bird.js';
import { makeObserved } from '../../../make.js';

const nowSeconds = 1_800_000_000;
const saved: SavedRoas = {
  atSeconds: nowSeconds - 60,
  ipv4: ['172.20.0.0/24 max 28 as 4242420000', '172.21.0.0/24 max 24 as 0'],
  ipv6: ['fd42::/48 max 64 as 4242420001'],
};

function filesOf(part: Partial<SavedRoas> = {}, change = (text: string) => text): Map<string, string> {
  const files = (['ipv4', 'ipv6'] as const).map((family) => roaFile(family, { ...saved, ...part }));
  return new Map(files.map(({ path, content }) => [path, change(content)]));
}

/** BIRD with one cache. */
function bird(roas: number, info = 'Established'): ObservedBird {
  const routes = { imported: roas, filtered: 0, exported: 0, preferred: roas };
  const channels = [{ name: 'roa4', state: 'UP', routes }];
  return {
    running: true,
    version: '2.0.12',
    protocols: [{ ...makeProtocol('moenet_rpki_a', 'rpki'), info, channels }],
  };
}

const look = (part: Partial<Parameters<typeof roaFallback>[0]> = {}) =>
  roaFallback(makeObserved({ nowSeconds, birdFiles: filesOf(), bird: bird(0, 'Down'), ...part }));

describe('the saved ROAs', () => {
  it('are read back as they were written', () => {
    expect(look()?.saved).toEqual(saved);
    expect(look({ birdFiles: new Map() })).toBeUndefined();
  });

  it.each([
    ['a statement that is no ROA', 'route 172.20.9.0/24 unreachable;'],
    ['an include', 'include "/etc/shadow";'],
    ['two statements in a line', 'route 172.20.9.0/24 max 24 as 1; include "x";'],
    ['a length below that of the prefix', 'route 172.20.9.0/24 max 23 as 1;'],
    ['a length above that of the family', 'route 172.20.9.0/24 max 33 as 1;'],
    ['another family', 'route fd42::/48 max 48 as 1;'],
    ['an ASN of more than 32 bits', 'route 172.20.9.0/24 max 24 as 4294967296;'],
    ['host bits', 'route 172.20.9.1/24 max 24 as 1;'],
  ])('count as none if a file has %s', (_, line) => {
    const birdFiles = filesOf();
    birdFiles.set('moenet-agent/roa4.conf', `${birdFiles.get('moenet-agent/roa4.conf')}${line}\n`);
    expect(look({ birdFiles })).toBeUndefined();
  });

  it('count as none if the two files have different times, or none', () => {
    const birdFiles = filesOf();
    const [, other = ''] = [...filesOf({ atSeconds: 1 }).values()];
    expect(look({ birdFiles: new Map(birdFiles).set('moenet-agent/roa6.conf', other) })).toBeUndefined();
    expect(look({ birdFiles: filesOf({}, (text) => text.replace(/# Saved.*\n/, '')) })).toBeUndefined();
  });

  it('are those that were just read from BIRD, unless they are much fewer than a moment ago', () => {
    const roas = { ipv4: ['10.0.0.0/8 max 24 as 1'], ipv6: ['fd00::/8 max 64 as 1'] };
    expect(look({ roas })?.saved).toEqual({ ...roas, atSeconds: nowSeconds });
    const few = { ipv4: ['10.0.0.0/8 max 24 as 1'], ipv6: [] };
    expect(look({ roas: few })?.saved).toEqual(saved);
    expect(
      look({ roas: few, birdFiles: filesOf({ atSeconds: nowSeconds - 8 * 86_400 }) })?.saved.ipv4,
    ).toEqual(few.ipv4);
    expect(look({ roas: { ipv4: [], ipv6: [] }, birdFiles: new Map() })).toBeUndefined();
  });
});

describe('BIRD uses the saved ROAs', () => {
  const using = (part: Parameters<typeof look>[0]) => look(part)?.isUsed;
  const inUse = filesOf().set('moenet-agent/rpki.conf', 'protocol static moenet_saved_roa4 {');

  it('while it has none of a cache, and when it starts', () => {
    expect(using({})).toBe(true);
    expect(using({ bird: { running: false, reason: 'no' } })).toBe(true);
  });

  it('not while it has those of a cache, also of one that does not answer any more', () => {
    expect(using({ bird: bird(2000) })).toBe(false);
    expect(using({ bird: bird(2000, 'Down') })).toBe(false);
  });

  it('until a cache has given all of its own', () => {
    expect(using({ birdFiles: inUse, bird: bird(10, 'Sync-Running') })).toBe(true);
    expect(using({ birdFiles: inUse, bird: bird(2000) })).toBe(false);
  });
});

describe('ROAs are saved', () => {
  const ask = (ageSeconds: number, seen = bird(2000)) =>
    cachesToSave(
      makeObserved({ nowSeconds, bird: seen, birdFiles: filesOf({ atSeconds: nowSeconds - ageSeconds }) }),
    );

  it('every six hours from a cache that answers, and at once if there are none', () => {
    expect(ask(3600)).toEqual([]);
    expect(ask(6 * 3600)).toEqual(['moenet_rpki_a']);
    expect(cachesToSave(makeObserved({ nowSeconds, bird: bird(2000) }))).toEqual(['moenet_rpki_a']);
  });

  it('not from a cache that does not answer, has not given all, or has none', () => {
    for (const seen of [bird(2000, 'Down'), bird(10, 'Sync-Running'), bird(0)])
      expect(ask(86_400, seen)).toEqual([]);
  });

  it('also if the clock was set back', () => {
    expect(ask(-3600)).toEqual(['moenet_rpki_a']);
  });
});

it('a ROA has one form', () => {
  expect(formatRoa('ipv6', 'FD42:0::/48', '064', '1')).toBe('fd42::/48 max 64 as 1');
  expect(formatRoa('ipv4', '172.20.0.0/24', '32', '4294967295')).toBe('172.20.0.0/24 max 32 as 4294967295');
  expect(formatRoa('ipv4', '172.20.0.0/24', '28 as 1; include "x', '1')).toBeUndefined();
});

it('the same ROAs give the same bytes, in whatever order and how often BIRD lists them', () => {
  expect(sortRoas(['c', 'a', 'c', 'b'])).toEqual(['a', 'b', 'c']);
});
