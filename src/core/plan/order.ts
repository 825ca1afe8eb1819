import type { Change } from '../model/change.js';

/**
 * The order of the changes of a pass, and why. Only here: a plan is sorted by it, and `applyPlan` follows it group by
 * group and step by step.
 */
const order = {
  // Tunnels need the node's key.
  keys: ['create-key-pair'],
  // Before the first packet of a new tunnel.
  firewall: ['set-ports'],
  // On trial: undone if the control plane stops answering.
  network: [
    // The node's own addresses first: the other groups need them.
    'set-loopback',
    // Interfaces with the port or the address of another.
    'remove-tunnel',
    'free-port',
    'create-tunnel',
    // A kernel link binds its port when it comes up; without a configured one it binds any.
    'sync-kernel-wireguard',
    'set-link',
    // A wireguard-go that does not get its port says so only where its link is up.
    'sync-wireguard',
  ],
  // The files in one transaction with at most one load; BIRD can enable a protocol only after it has loaded it.
  bird: [
    // Packets look into a table before its routes come, and until they have gone.
    'add-rules',
    'write-file',
    'remove-file',
    'reload-bird',
    'enable-protocol',
    'disable-protocol',
    'restart-protocol',
    'resend-routes',
    'remove-rules',
  ],
  // On trial again, after BIRD has stopped using the interface and the addresses.
  departures: ['set-loopback', 'remove-tunnel'],
} as const;

export type Group = keyof typeof order;
export type StepOf<G extends Group> = (typeof order)[G][number];

/** The changes of one group, possibly none. */
interface ChangeGroup {
  readonly group: Group;
  readonly changes: readonly Change[];
}

/** The changes of a plan in groups, in order. */
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

/** The changes in order. */
export function inOrder(changes: readonly Change[]): Change[] {
  return changes.toSorted((a, b) => rank(a) - rank(b));
}

/** True for a change of the node's links, addresses or tunnels. */
export function isNetworkChange(change: Change): boolean {
  const group = groupOf(change);
  return group === 'network' || group === 'departures';
}

/** True for a change of a tunnel, which may pause after failures. */
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
    case 'set-ports':
      return 'firewall';
    case 'set-loopback':
      return change.isPrevious ? 'departures' : 'network';
    case 'remove-tunnel':
      return change.first ? 'network' : 'departures';
    case 'free-port':
    case 'create-tunnel':
    case 'set-link':
    case 'sync-wireguard':
      return 'network';
    case 'add-rules':
    case 'remove-rules':
    case 'write-file':
    case 'remove-file':
    case 'reload-bird':
    case 'enable-protocol':
    case 'disable-protocol':
    case 'restart-protocol':
    case 'resend-routes':
      return 'bird';
  }
}
