import { cutOffBefore } from '../../core/plan/cut-offs.js';
import { changesOf, isNetworkChange, isRemovedLast, type Plan } from '../../core/plan/plan.js';
import type { Failures } from '../../core/verdict/outcome.js';
import type { KeyPair } from '../ports/host.js';
import { applyBird } from './apply-bird.js';
import { makeNetworkChanges, namePortHolders, removeTunnels, setLoopback } from './apply-network.js';
import { type ApplyContext, FailureLog } from './context.js';
import { onTrial } from './network-trial.js';

/**
 * Makes the changes of a plan, in its order. What fails on behalf of one owner is noted and ends that owner's tunnel
 * changes; everybody else's go on. Changes of the network are made on trial while the control plane answers.
 */
export async function applyPlan(plan: Plan, context: ApplyContext): Promise<Failures> {
  const failures = new FailureLog();
  const keyPair = await ensureKeyPair(plan, context, failures);
  const last = plan.changes.filter(isRemovedLast);
  const network = plan.changes.filter((change) => isNetworkChange(change) && !isRemovedLast(change));
  await onTrial(network, context, failures, (part, lifetimeSeconds) =>
    makeNetworkChanges(part, { ...context, keyPair, lifetimeSeconds }, failures),
  );
  await namePortHolders(failures, context);
  // BIRD's files name the node's own addresses, which may just have been undone.
  if (!cutOffBefore(context.memory.current.cutOffs, context.desired, { kind: 'node' }))
    await applyBird(plan, context, failures);
  await onTrial(last, context, failures, async (part) => {
    await setLoopback(part, { ...context, keyPair, lifetimeSeconds: undefined }, failures);
    await removeTunnels(changesOf(part, 'remove-tunnel'), context, failures);
  });
  return failures.byOwner;
}

async function ensureKeyPair(
  plan: Plan,
  { host, desired }: ApplyContext,
  failures: FailureLog,
): Promise<KeyPair | undefined> {
  const [missing] = changesOf(plan.changes, 'create-key-pair');
  try {
    return missing ? await host.keys.create() : await host.keys.read();
  } catch (error) {
    if (desired.keyProblem === undefined) failures.add({ kind: 'node' }, error);
    return undefined;
  }
}
