import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** What a seed lets happen: the same seed, the same story. */
export interface Chance {
  /** 0 to 1, without 1. */
  next(): number;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  oneOf<T>(list: readonly T[]): T;
  /** True in so many cases of one. */
  happens(share: number): boolean;
  /** Another source of chance, which what happens elsewhere does not disturb. */
  fork(): Chance;
}

export function chanceOf(seed: number): Chance {
  const generator = xoroshiro128plus(seed);
  const chance: Chance = {
    next: () => uniformFloat64(generator),
    between: (least, most) => least + Math.floor(chance.next() * (most - least + 1)),
    oneOf: (list) => {
      const item = list[chance.between(0, list.length - 1)];
      if (item === undefined) throw new RangeError('nothing to choose from');
      return item;
    },
    happens: (share) => chance.next() < share,
    fork: () => chanceOf(chance.between(0, 0x7fff_ffff)),
  };
  return chance;
}

/** A WireGuard public key, as far as anybody can see. */
export function keyOf(chance: Chance): string {
  return Buffer.from(Array.from({ length: 32 }, () => chance.between(0, 255))).toString('base64');
}
