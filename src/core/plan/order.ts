import type { Change } from '../model/change.js';

/**
 * The order in which the changes of a pass are made, and why. Stated here and nowhere else: a plan is sorted by it, and
 * `applyPlan` walks it, group by group and step by step.
 */
const order = {
  // Tunnels are configured with the node's key.
  keys: ['create-key-pair'],
  // On trial, as long as the control plane answers.
  network: [
    // The node's own addresses first: the other groups need them.
    'set-loopback',
    // What is in the way: an interface with the port or the address of another, or a dead one of the same name.
    'remove-tunnel',
    'free-port',
    'create-tunnel',
    // A link of the kernel's takes its port when it comes up, and any one where it has none yet.
    'sync-kernel-wireguard',
    'set-link',
    // A wireguard-go that does not get its port says so only where its link is up.
    'sync-wireguard',
  ],
  // The files in one transaction with at most one load; a protocol can be switched on only after BIRD has it.
  bird: ['write-file', 'remove-file', 'reload-bird', 'enable-protocol', 'disable-protocol'],
  // On trial again, after BIRD has let go of the protocol on the interface, and of the addresses.
  departures: ['set-loopback', 'remove-tunnel'],
} as const;

export type Group = keyof typeof order;
export type StepOf<G extends Group> = (typeof order)[G][number];

/** The changes of one group; each group is there once, with or without changes. */
interface ChangeGroup {
  readonly group: Group;
  readonly changes: readonly Change[];
}

/** The changes of a plan in groups, in the order in which they are made. */
export function groupsOf(changes: readonly Change[]): readonly ChangeGroup[] {
  return (Object.keys(order) as Group[]).map((group) => ({
    group,
    changes: changes.filter((change) => groupOf(change) === group),
  }));
}

/** The steps of a group, in their order. */
export function stepsOf<G extends Group>(group: G): readonly StepOf<G>[] {
  return order[group];
}

/** The changes in the order in which they are made. */
export function inOrder(changes: readonly Change[]): Change[] {
  return changes.toSorted((a, b) => rank(a) - rank(b));
}

/** True for a change of the node's links, addresses or tunnels. */
export function isNetworkChange(change: Change): boolean {
  const group = groupOf(change);
  return group === 'network' || group === 'departures';
}

/** True for a change of a tunnel, which may have to wait after failures. */
export function isTunnelChange(change: Change): boolean {
  return isNetworkChange(change) && change.kind !== 'set-loopback' && change.owner.kind !== 'node';
}

const ranks = Object.entries(order).flatMap(([group, steps]) => steps.map((step) => `${group} ${step}`));

function rank(change: Change): number {
  return ranks.indexOf(`${groupOf(change)} ${change.kind}`);
}

function groupOf(change: Change): Group {
  switch (change.kind) {
    case 'create-key-pair':
      return 'keys';
    case 'set-loopback':
      return change.isPrevious ? 'departures' : 'network';
    case 'remove-tunnel':
      return change.first ? 'network' : 'departures';
    case 'free-port':
    case 'create-tunnel':
    case 'set-link':
    case 'sync-wireguard':
      return 'network';
    case 'write-file':
    case 'remove-file':
    case 'reload-bird':
    case 'enable-protocol':
    case 'disable-protocol':
      return 'bird';
  }
}
