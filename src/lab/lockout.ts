import type { PolicySlip } from './control-plane/bird-config-document.js';
import {
  type BirdConfiguration,
  birdConfiguration,
  differing,
  withoutTiers,
} from './hosts/bird-configuration.js';
import { bgpConnections } from './hosts/connections.js';
import type { NodeHost } from './hosts/node-host.js';
import type { RouteWatch } from './hosts/watch-route.js';
import type { Lab } from './running-lab.js';

/** A node that a policy cuts off from the control plane, and what was seen of it. */
export interface Lockout {
  readonly node: NodeHost;
  readonly slip: PolicySlip;
  /** What it ran before, and after. */
  before: Running | undefined;
  after: Running | undefined;
  /** BIRD's files while BIRD had the policy on trial; undefined where they could not be read in time. */
  filesOnTrial: ReadonlyMap<string, string> | undefined;
  /** The route to nowhere that the policy leads to. */
  watch: RouteWatch | undefined;
  /** The agent's own word on it. */
  reason: string | undefined;
}

/** A node at one moment. */
export interface Running {
  readonly bird: BirdConfiguration;
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
    filesOnTrial: undefined,
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

/**
 * Says what BIRD runs instead of what it ran before the policy; nothing where it runs the same again, or the same with a
 * latency that was measured since.
 */
export function notRestored({ before, watch }: Lockout, now: BirdConfiguration): string | undefined {
  if (!before) return 'not looked at before';
  const changed = differing(before.bird.constants, now.constants).map(
    (name) => `${name} = ${now.constants.get(name)}, before ${before.bird.constants.get(name)}`,
  );
  if (changed.length > 0) return changed.join('; ');
  if (isLoadedBefore(before.bird, now) || isLoadedByUndo(now, watch)) return undefined;
  const isMeasured = differing(before.bird.files, now.files).length > 0;
  if (isMeasured && filesChanged(before.bird, now).length === 0) return undefined;
  return `loaded at ${new Date(now.loadedAtMs).toISOString()}, which is no undo of that policy`;
}

/** The files that differ in more than a latency that was measured. */
export function filesChanged(
  before: Pick<BirdConfiguration, 'files'>,
  after: Pick<BirdConfiguration, 'files'>,
): string[] {
  return differing(withoutTiers(before.files), withoutTiers(after.files));
}

/** BIRD 2: with an undo, the former time is back. It takes far longer to load anything than BIRD's times are off. */
function isLoadedBefore(before: BirdConfiguration, now: BirdConfiguration): boolean {
  return Math.abs(now.loadedAtMs - before.loadedAtMs) < 50;
}

/** BIRD 3: an undo has a time of its own, and the kernel's route goes with it. */
function isLoadedByUndo(now: BirdConfiguration, watch: RouteWatch | undefined): boolean {
  const [came, left] = [watch?.cameAtMs[0], watch?.leftAtMs[0]];
  if (!now.isBird3 || came === undefined || left === undefined) return false;
  return now.loadedAtMs > came && now.loadedAtMs < left + 1000;
}

/** Looks at what runs now. */
export async function runningOn(lab: Lab, node: NodeHost): Promise<Running> {
  await lab.look();
  return {
    bird: await birdConfiguration(node),
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
