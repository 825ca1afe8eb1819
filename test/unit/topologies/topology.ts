import type { PolicyName } from '../../../src/core/model/policy-name.js';

export const ourAs = 4242420998;
/** A part of our own block. */
export const ourPart = '172.22.188.16/28';

/** What a neighbor is to an AS. */
export type Relation = 'customer' | 'peer' | 'provider' | 'partner';

/** An AS with one router, and the network that it originates. */
export interface External {
  readonly as: number;
  /** Small and distinct, for addresses. */
  readonly number: number;
  readonly prefix: string;
  readonly hasRoa: boolean;
  /** It announces a part of our own block, too. */
  readonly hijacks: boolean;
  /** It announces to all what it has from anybody. */
  readonly leaks: boolean;
  /** Its session with us: at which node, and our policy for it. */
  readonly session: { readonly node: 1 | 2 | 3; readonly policy: PolicyName } | undefined;
}

export interface Topology {
  readonly externals: readonly External[];
  /** Pairs of externals, and what the second is to the first. */
  readonly links: readonly (readonly [External, External, 'customer' | 'peer'])[];
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A topology in which nobody is his own customer: whoever comes first is the provider, and we are in the middle. */
export function randomTopology(seed: number, size: number): Topology {
  const random = randomFrom(seed);
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
  const ourPlace = Math.floor(random() * (size + 1));
  const externals = Array.from({ length: size }, (_, index): External => {
    const above = index < ourPlace ? 'downstream' : 'upstream';
    const node = pick([1, 2, 3] as const);
    return {
      as: 4242420001 + index,
      number: index + 1,
      prefix: `172.21.${index + 1}.0/24`,
      hasRoa: random() < 0.8,
      hijacks: random() < 0.2,
      leaks: random() < 0.15,
      session: random() < 0.75 ? { node, policy: pick(['full', 'peer', above, above]) } : undefined,
    };
  });
  const links = externals.flatMap((one, index) =>
    externals
      .slice(index + 1)
      .filter(() => random() < 0.35)
      .map((other) => [one, other, random() < 0.6 ? 'customer' : 'peer'] as const),
  );
  return { externals, links };
}

const reverse = { customer: 'provider', peer: 'peer', provider: 'customer', partner: 'partner' } as const;

/** What the neighbor of a session is to us. */
const relationOf: Readonly<Record<PolicyName, Relation>> = {
  full: 'partner',
  peer: 'peer',
  upstream: 'customer',
  downstream: 'provider',
};

/** The neighbors of an external, us among them, and what each is to it. */
export function neighborsOf({ as, session }: External, { links }: Topology): ReadonlyMap<number, Relation> {
  const found = new Map<number, Relation>();
  for (const [one, other, relation] of links) {
    if (one.as === as) found.set(other.as, relation);
    if (other.as === as) found.set(one.as, reverse[relation]);
  }
  if (session) found.set(ourAs, reverse[relationOf[session.policy]]);
  return found;
}

/** True where `path`, the origin last, is on its way to `to` and bends nowhere: no AS but a leaking one passes on to a peer or provider what it has from one. */
export function isValleyFree(path: readonly number[], to: number, topology: Topology): boolean {
  const hops = [to, ...path].filter((as, index, all) => as !== all[index - 1]);
  return hops.slice(1, -1).every((as, index) => {
    const [next, from] = [hops[index] as number, hops[index + 2] as number];
    const external = topology.externals.find((each) => each.as === as);
    if (external?.leaks) return true;
    const relations = external ? neighborsOf(external, topology) : ourNeighbors(topology);
    const isUphill = (neighbor: number) => ['peer', 'provider'].includes(relations.get(neighbor) ?? 'none');
    return relations.has(next) && relations.has(from) && !(isUphill(from) && isUphill(next));
  });
}

function ourNeighbors({ externals }: Topology): ReadonlyMap<number, Relation> {
  return new Map(
    externals.flatMap(({ as, session }) => (session ? [[as, relationOf[session.policy]] as const] : [])),
  );
}
