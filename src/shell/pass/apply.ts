import type { Change } from '../../core/model/change.js';
import { wordsOf } from '../../core/model/words-of.js';
import { cutOffBefore } from '../../core/plan/cut-offs.js';
import { type Group, groupsOf } from '../../core/plan/order.js';
import { changesOf, type Plan } from '../../core/plan/plan.js';
import type { Failures } from '../../core/verdict/differences.js';
import type { KeyPair } from '../ports/host.js';
import { applyBird } from './apply-bird.js';
import { makeNetworkChanges, namePortHolders } from './apply-network.js';
import { type ApplyContext, FailureLog } from './context.js';
import { onTrial } from './network-trial.js';

interface Applied {
  readonly failures: Failures;
  /** True where BIRD has loaded files, and keeps them. */
  readonly isLoaded: boolean;
}

/**
 * Makes the changes of a plan, group by group. A failure for one owner is stored and ends that owner's tunnel changes; the
 * changes of other owners go on. While the control plane answers, changes of the network are made on trial.
 */
export async function applyPlan(plan: Plan, parts: Omit<ApplyContext, 'failures'>): Promise<Applied> {
  const context: ApplyContext = { ...parts, failures: new FailureLog() };
  let keyPair: KeyPair | undefined;
  let portsFailure: string | undefined;
  const makers: Readonly<Record<Group, (changes: readonly Change[]) => Promise<void>>> = {
    keys: async (changes) => {
      keyPair = await ensureKeyPair(changes, context);
    },
    firewall: async (changes) => {
      for (const { set, add, remove } of changesOf(changes, 'set-ports'))
        await parts.host.portSets.change(set, { add, remove }, parts.signal).catch((error: unknown) => {
          portsFailure = `could not set the ports of the nft set ${set}: ${wordsOf(error)}`;
        });
    },
    network: async (changes) => {
      await makeOnTrial('network', changes);
      await namePortHolders(context);
    },
    bird: async (changes) => {
      // BIRD's files name the node's own addresses, which the trial may just have undone.
      if (!cutOffBefore(context.memory.current.cutOffs, context.desired, { kind: 'node' }))
        await applyBird(changes, context);
    },
    departures: (changes) => makeOnTrial('departures', changes),
  };
  for (const { group, changes } of groupsOf(plan.changes)) await makers[group](changes);
  // Last: a failure ends the node's other changes, and the firewall is no reason for that.
  if (portsFailure !== undefined) context.failures.add({ kind: 'node' }, portsFailure);
  const { byOwner, isLoaded } = context.failures;
  return { failures: byOwner, isLoaded };

  function makeOnTrial(group: 'network' | 'departures', changes: readonly Change[]): Promise<void> {
    return onTrial(changes, context, (part, lifetimeSeconds) =>
      makeNetworkChanges(group, part, { ...context, keyPair, lifetimeSeconds }),
    );
  }
}

async function ensureKeyPair(
  changes: readonly Change[],
  { host, desired, failures }: ApplyContext,
): Promise<KeyPair | undefined> {
  try {
    return changes.length > 0 ? await host.keys.create() : await host.keys.read();
  } catch (error) {
    if (desired.keyProblem === undefined) failures.add({ kind: 'node' }, error);
    return undefined;
  }
}
