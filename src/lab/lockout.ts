import type { PolicySlip } from './control-plane/bird-config-document.js';
import { birdFiles, loadedAtMs } from './hosts/bird-configuration.js';
import { bgpConnections } from './hosts/connections.js';
import type { NodeHost } from './hosts/node-host.js';
import type { RouteWatch } from './hosts/watch-route.js';
import { type Lab, look } from './running-lab.js';

/** A node that a policy cuts off from the control plane, and what was seen of it. */
export interface Lockout {
  readonly node: NodeHost;
  readonly slip: PolicySlip;
  /** What it ran before, and after. */
  before: Running | undefined;
  after: Running | undefined;
  /** The route to nowhere that the policy leads to. */
  watch: RouteWatch | undefined;
  /** The agent's own word on it. */
  reason: string | undefined;
}

/** What a node's BIRD runs, and would run after a restart. */
export interface Running {
  /** When it was loaded, by BIRD's clock. */
  readonly loadedAtMs: number;
  readonly files: ReadonlyMap<string, string>;
  /** Of the whole lab (`bgpConnections`). */
  readonly connections: ReadonlyMap<string, string>;
  readonly sessions: string;
}

/**
 * Prepares a slip of the keyboard: the block of our own that one node is told is a part of "the internet", the part with
 * the control plane in it. BIRD finds nothing wrong with that, and makes it a route to nowhere.
 */
export function prepareLockout({ scenario, nodes }: Lab): Lockout {
  const node = nodes.at(-1);
  if (!node) throw new Error('the lab has no nodes');
  const dn42Ipv4Prefix = scenario.controlPlane.address.replace(/\d+$/, '0/29');
  return {
    node,
    slip: { dn42Ipv4Prefix },
    before: undefined,
    after: undefined,
    watch: undefined,
    reason: undefined,
  };
}

/** How often BIRD has loaded that policy. */
export function timesLoaded({ watch }: Lockout): number {
  return watch?.cameAtMs.length ?? 0;
}

/** From the first route to nowhere until it was gone; undefined while it is not. */
export function lockedOutMs({ watch }: Lockout): number | undefined {
  const [came, left] = [watch?.cameAtMs[0], watch?.leftAtMs[0]];
  return came === undefined || left === undefined ? undefined : left - came;
}

/** Looks at what runs now. */
export async function runningOn(lab: Lab, node: NodeHost): Promise<Running> {
  await look(lab);
  return {
    loadedAtMs: await loadedAtMs(node),
    files: await birdFiles(node),
    connections: await bgpConnections(lab),
    sessions: establishedSince(lab, node),
  };
}

/** `5 BGP sessions, Established since 23:08:14 to 23:08:19`: a node's, as its BIRD says. */
function establishedSince({ view }: Lab, { spec }: NodeHost): string {
  const established = (view.nodes.get(spec.name)?.bgp ?? []).filter(({ state }) => state === 'Established');
  const times = established.map(({ since }) => since.replace(/^\S+ /, '')).sort();
  const [first = 'never', last = first] = [times[0], times.at(-1)];
  const count = `${established.length} BGP session${established.length === 1 ? '' : 's'}`;
  return `${count}, Established since ${first === last ? first : `${first} to ${last}`}`;
}
