import type { PolicyName } from '../../../src/core/model/policy-name.js';
import { type Announced, accepts, preferenceOf, sends } from './filters.js';
import {
  type External,
  neighborsOf,
  ourAs,
  ourPart,
  type Relation,
  randomFrom,
  type Topology,
} from './topology.js';

interface Route extends Announced {
  readonly preference: number;
  /** Whom the router has it from; undefined: it originates it. */
  readonly from: Router | undefined;
  /** At our nodes: by which kind of session it came in, at whichever node. */
  readonly learned?: PolicyName;
}

type Router = string;
type Table = Map<string, Route>;

/** What was ever announced between two ASes, and what all had in the end. */
export interface Outcome {
  readonly converged: boolean;
  readonly announced: readonly (Announced & { readonly to: number })[];
  /** Of our nodes: the routes that they use. */
  readonly used: readonly Route[];
}

const nodes = ['1', '2', '3'];
const sweeps = 60;

/** Lets the routers take turns in a random order until nobody has news, or for too long. */
export function simulate(topology: Topology, seed: number): Outcome {
  const random = randomFrom(seed);
  const byAs = new Map(topology.externals.map((each) => [String(each.as), each]));
  const routers = [...nodes, ...byAs.keys()];
  // Router → whom it has it from → network → route.
  const heard = new Map(routers.map((router) => [router, new Map<Router, Table>()]));
  const announced: (Announced & { to: number })[] = [];

  const bestOf = (router: Router): Table => {
    const best: Table = new Map();
    const external = byAs.get(router);
    const own = external ? originated(external) : [];
    for (const route of [
      ...own,
      ...[...(heard.get(router) ?? new Map()).values()].flatMap((t) => [...t.values()]),
    ]) {
      const before = best.get(route.prefix);
      if (!before || isBetter(route, before)) best.set(route.prefix, route);
    }
    return best;
  };

  const tell = (router: Router, to: Router, table: Table): boolean => {
    const all = heard.get(to);
    const same = textOf(all?.get(router)) === textOf(table);
    all?.set(router, table);
    return !same;
  };

  const turn = (router: Router): boolean => {
    const external = byAs.get(router);
    const best = [...bestOf(router).values()];
    const told = external ? tellFrom(external, best) : tellFromNode(router, best);
    return told.map(([to, table]) => tell(router, to, table)).some(Boolean);
  };

  function tellFrom(external: External, best: readonly Route[]): [Router, Table][] {
    const neighbors = neighborsOf(external, topology);
    return [...neighbors].map(([as, relation]) => {
      const routes = best
        .filter((route) => mayTell(external, route, relation, neighbors, as))
        .map(({ prefix, path }) => ({ prefix, path: [external.as, ...path] }));
      for (const route of routes) announced.push({ ...route, to: as });
      return as === ourAs
        ? [String(external.session?.node), importAt(external, routes)]
        : [String(as), receive(String(as), external.as, routes)];
    });
  }

  function importAt(external: External, routes: readonly Announced[]): Table {
    const policy = external.session?.policy ?? 'full';
    return tableOf(
      routes
        .filter((route) => accepts(route, external, topology))
        .map((route) => ({
          ...route,
          preference: preferenceOf[policy],
          from: String(external.as),
          learned: policy,
        })),
    );
  }

  function receive(router: Router, from: number, routes: readonly Announced[]): Table {
    const external = byAs.get(router) as External;
    const relation = neighborsOf(external, topology).get(from) ?? 'partner';
    const preference = { customer: 200, peer: 150, provider: 100, partner: 100 }[relation];
    return tableOf(
      routes
        .filter(({ path }) => !path.includes(external.as))
        .map((route) => ({ ...route, preference, from: String(from) })),
    );
  }

  function tellFromNode(node: Router, best: readonly Route[]): [Router, Table][] {
    const external = topology.externals.filter(({ session }) => String(session?.node) === node);
    const own = best.filter(({ from }) => from !== undefined && !nodes.includes(from));
    const inside = nodes
      .filter((other) => other !== node)
      .map((other): [Router, Table] => [other, tableOf(own.map((route) => ({ ...route, from: node })))]);
    return [
      ...inside,
      ...external.map((each): [Router, Table] => {
        const to = each.session?.policy ?? 'full';
        const routes = best
          .filter(({ learned = 'full', from }) => sends(learned, to) && from !== String(each.as))
          .map(({ prefix, path }) => ({ prefix, path: [ourAs, ...path] }));
        for (const route of routes) announced.push({ ...route, to: each.as });
        return [String(each.as), receive(String(each.as), ourAs, routes)];
      }),
    ];
  }

  let converged = false;
  for (let sweep = 0; sweep < sweeps && !converged; sweep++) {
    const order = routers.map((router) => ({ router, at: random() })).sort((a, b) => a.at - b.at);
    converged = order.map(({ router }) => turn(router)).every((isNews) => !isNews);
  }
  return { converged, announced, used: nodes.flatMap((node) => [...bestOf(node).values()]) };
}

function originated({ prefix, hijacks }: External): Route[] {
  const networks = hijacks ? [prefix, ourPart] : [prefix];
  return networks.map((network) => ({ prefix: network, path: [], preference: 1_000, from: undefined }));
}

function mayTell(
  { leaks }: External,
  { from }: Route,
  to: Relation,
  neighbors: ReadonlyMap<number, Relation>,
  toAs: number,
): boolean {
  if (from === undefined) return true;
  const had = neighbors.get(Number(nodes.includes(from) ? ourAs : from));
  if (Number(from) === toAs) return false;
  return leaks || had === 'customer' || to === 'customer' || to === 'partner';
}

function isBetter(one: Route, other: Route): boolean {
  const isInside = ({ from = '' }: Route) => Number(nodes.includes(from));
  const keys = (route: Route) => [
    -route.preference,
    route.path.length,
    isInside(route),
    Number(route.from ?? 0),
  ];
  const [a, b] = [keys(one), keys(other)];
  const differing = a.findIndex((key, index) => key !== b[index]);
  return (a[differing] ?? 0) < (b[differing] ?? 0);
}

function tableOf(routes: readonly Route[]): Table {
  return new Map(routes.map((route) => [route.prefix, route]));
}

function textOf(table: Table = new Map()): string {
  return JSON.stringify([...table].sort(([a], [b]) => (a < b ? -1 : 1)));
}
