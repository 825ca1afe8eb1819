import { describe, expect, it } from 'vitest';
import { accepts } from './filters.js';
import { simulate } from './simulate.js';
import { isValleyFree, ourAs, ourPart, randomTopology, type Topology } from './topology.js';

const seeds = Array.from({ length: 300 }, (_, seed) => seed);
const topologyOf = (seed: number) => randomTopology(seed, 3 + (seed % 6));

describe('in 300 random topologies, whoever leaks and hijacks', () => {
  const outcomes = seeds.map((seed) => {
    const topology = topologyOf(seed);
    return { seed, topology, outcome: simulate(topology, seed + 1_000) };
  });
  const failing = (isWrong: (each: (typeof outcomes)[number]) => boolean) =>
    outcomes.filter(isWrong).map(({ seed }) => seed);

  it('routes converge', () => {
    expect(failing(({ outcome }) => !outcome.converged)).toEqual([]);
  });

  it('no route takes a valley, at no time', () => {
    expect(
      failing(({ topology, outcome }) =>
        outcome.announced.some(({ path, to }) => !isValleyFree(path, to, topology)),
      ),
    ).toEqual([]);
  });

  it('no node believes anybody a part of our own block', () => {
    expect(failing(({ outcome }) => outcome.used.some(({ prefix }) => prefix === ourPart))).toEqual([]);
  });

  it('what they are to prove happens', () => {
    const all = outcomes.flatMap(({ topology, outcome }) =>
      outcome.announced.map((each) => ({ ...each, topology })),
    );
    const toUs = all.filter(({ to }) => to === ourAs);
    expect(toUs.filter(({ prefix }) => prefix === ourPart).length).toBeGreaterThan(50);
    const customers = toUs.filter(
      ({ path, topology }) => neighborOf(path, topology)?.session?.policy === 'upstream' && path.length > 1,
    );
    const [good, bad] = [true, false].map((wanted) =>
      customers.filter((each) => acceptedOf(each) === wanted),
    );
    expect(good?.length).toBeGreaterThan(50);
    expect(bad?.length).toBeGreaterThan(50);
    expect(all.filter(({ path }) => path[0] === ourAs && path.length > 3).length).toBeGreaterThan(50);
  });
});

function neighborOf(path: readonly number[], { externals }: Topology) {
  return externals.find(({ as }) => as === path[0]);
}

function acceptedOf(route: { path: readonly number[]; prefix: string; topology: Topology }): boolean {
  const neighbor = neighborOf(route.path, route.topology);
  return neighbor !== undefined && accepts(route, neighbor, route.topology);
}

describe('the look for valleys', () => {
  const [one, two, three] = randomTopology(1, 3).externals.map((each) => ({
    ...each,
    leaks: false,
    session: undefined,
  }));
  if (!one || !two || !three) throw new Error('there are three');
  const links = [
    [one, two, 'peer'],
    [two, three, 'peer'],
  ] as const;

  it('sees what a peer passes on to a peer, unless that one leaks', () => {
    const topology = { externals: [one, two, three], links };
    expect(isValleyFree([two.as, one.as], three.as, topology)).toBe(false);
    const leaking = { externals: [one, { ...two, leaks: true }, three], links };
    expect(isValleyFree([two.as, one.as], three.as, leaking)).toBe(true);
    expect(isValleyFree([two.as], three.as, topology)).toBe(true);
  });
});
