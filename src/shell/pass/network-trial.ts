import type { Change } from '../../core/model/change.js';
import { type Owner, OwnerMap, sameOwner } from '../../core/model/owner.js';
import { interfaceName } from '../../core/model/values/interface-name.js';
import { wordsOf } from '../../core/model/words-of.js';
import { cutOffBefore, networkWish, retryUndoneSeconds } from '../../core/plan/cut-offs.js';
import { confirmationOf, restorationOf, trialOf } from '../../core/plan/restoration.js';
import { renderWireGuardDevice } from '../../core/render/wireguard.js';
import type { ApplyContext } from './context.js';
import { hearsControlPlane, silence } from './health-gate.js';
import { union } from './memory.js';
import { answersWhenSettled } from './settled-answer.js';

/** The kernel removes addresses on trial after this time, even if the agent is dead. */
const trialSeconds = 120;

/** The answer of the control plane must come within this part of a trial; later the kernel may have undone it already. */
const judgedWithinMs = 90_000;

const undone = `the agent undid the change of the network: ${silence}`;

/** Makes some of the changes; `lifetimeSeconds` is the lifetime of addresses, absent: for ever. */
type Make = (changes: readonly Change[], lifetimeSeconds?: number) => Promise<void>;

/**
 * Makes changes of the network on trial: they stay if the control plane still answers afterwards. Otherwise the agent undoes
 * all of them and tries again in halves, so that only the owner at fault waits. If the control plane did not answer before,
 * there is no way to judge: the agent makes the changes, except those that cut the node off last time.
 */
export async function onTrial(changes: readonly Change[], context: ApplyContext, make: Make): Promise<void> {
  for (const portion of portionsOf(changes)) await portionOnTrial(portion, context, make);
}

/** So many tunnels are made in one trial: on a slow machine, too, it must be judged in time. */
const ownersAtOnce = 250;

const ofTunnels: ReadonlySet<Change['kind']> = new Set(['create-tunnel', 'set-link', 'sync-wireguard']);

/** What makes way for others is in the first portion, for it comes before them in one portion, too. */
function portionsOf(changes: readonly Change[]): Change[][] {
  const owners = ownersOf(changes.filter(({ kind }) => ofTunnels.has(kind)));
  const numbers = new OwnerMap(owners.map((owner, index) => [owner, Math.floor(index / ownersAtOnce)]));
  const numberOf = ({ kind, owner }: Change) => (ofTunnels.has(kind) ? (numbers.get(owner) ?? 0) : 0);
  const count = changes.length === 0 ? 0 : Math.max(1, Math.ceil(owners.length / ownersAtOnce));
  return Array.from({ length: count }, (_, portion) =>
    changes.filter((change) => numberOf(change) === portion),
  );
}

async function portionOnTrial(changes: readonly Change[], context: ApplyContext, make: Make): Promise<void> {
  if (await hearsControlPlane(context)) return tryOut(changes, context, make);
  const safe = changes.filter((change) => {
    const before = cutOffBefore(context.memory.current.cutOffs, context.desired, change.owner);
    if (before) context.failures.add(change.owner, before.reason);
    return !before;
  });
  await make(safe);
}

async function tryOut(changes: readonly Change[], context: ApplyContext, make: Make): Promise<void> {
  const { signal } = context;
  const { creating, endpoints, loopback, loopbackCarrier } = context.memory.current;
  const isHeard = await staysHeard(context, () => make(changes, trialSeconds));
  signal.throwIfAborted();
  const owners = ownersOf(changes);
  if (isHeard) {
    await confirm(changes, context);
    return forgetCutOffs(owners, context);
  }
  const problems = await takeBack(changes, creating, context);
  await context.memory.update({ endpoints, loopback, loopbackCarrier });
  const isBack = await context.watch?.answers(signal);
  signal.throwIfAborted();
  if (owners.length === 1 || !isBack) {
    const left = problems.length === 0 ? '' : `; the agent could not undo all of it: ${problems.join('; ')}`;
    return noteCutOffs(owners, `${undone}${left}`, isBack ?? false, context);
  }
  const half = new OwnerMap(owners.slice(0, Math.ceil(owners.length / 2)).map((owner) => [owner, true]));
  const isFirst = ({ owner }: Change) => half.has(owner);
  await tryOut(changes.filter(isFirst), context, make);
  await tryOut(
    changes.filter((change) => !isFirst(change)),
    context,
    make,
  );
}

/** A late answer says nothing: the kernel may have ended the trial before. */
async function staysHeard(context: ApplyContext, change: () => Promise<void>): Promise<boolean> {
  const { clock } = context.host;
  const startedMs = clock.monotonic();
  await change();
  const answers = context.watch && (await answersWhenSettled(context.host, context.watch, context.signal));
  return answers === true && clock.monotonic() - startedMs < judgedWithinMs;
}

async function confirm(
  changes: readonly Change[],
  { host, memory, signal, failures }: ApplyContext,
): Promise<void> {
  // Where something failed, or `lo` got the node's own addresses instead, only what is there is on trial.
  const isElsewhere = memory.current.loopbackCarrier !== undefined;
  const isSure = changes.every(
    ({ kind, owner }) => !failures.has(owner) && !(kind === 'set-loopback' && isElsewhere),
  );
  const links = isSure ? undefined : await host.links.observe(signal);
  const lasting = links ? confirmationOf(changes, links) : trialOf(changes);
  if (lasting.length === 0) return;
  const failed = await host.links.apply(lasting, signal);
  for (const change of changes) {
    const name = 'link' in change ? change.link.interface : undefined;
    const words = failed.get(name ?? '');
    if (words !== undefined)
      failures.add(change.owner, `could not make the addresses of ${name} permanent: ${words}`);
  }
}

/**
 * Continues after failures, to restore as much as possible; returns what failed. Addresses on trial expire by themselves. `creating`: the
 * interfaces that had no mark yet before the changes.
 */
async function takeBack(
  changes: readonly Change[],
  creating: readonly string[],
  { host, memory, observed, signal }: ApplyContext,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const attempt = async (step: () => Promise<unknown>) => {
    await step().catch((error: unknown) => problems.push(wordsOf(error)));
  };
  await attempt(async () => {
    const [links, wireguard] = await Promise.all([
      host.links.observe(signal),
      host.wireguard.observe(signal),
    ]);
    const restoration = restorationOf(changes, observed, { links, wireguard });
    const names = (texts: readonly string[]) => texts.map((text) => interfaceName.parse(text));
    await memory.update({ creating: union(memory.current.creating, restoration.create) });
    const { failures } = await host.wireguard.create(names(restoration.create), signal);
    const failed = await host.links.apply(restoration.links, signal);
    problems.push(...[...failures, ...failed].map(([name, words]) => `${name}: ${words}`));
    const isRestored = (name: string) =>
      restoration.links.some((link) => link.interface === name) && !failures.has(name) && !failed.has(name);
    await memory.update({
      creating: memory.current.creating.filter((name) => creating.includes(name) || !isRestored(name)),
    });
    for (const name of names(restoration.freePorts))
      await attempt(() => host.wireguard.freePort(name, signal));
    for (const device of restoration.devices) {
      const name = interfaceName.parse(device.interface);
      await attempt(() => host.wireguard.syncConfig(name, renderWireGuardDevice(device), signal));
    }
  });
  return problems;
}

/** Where the control plane stays silent without the changes, they are due again as soon as it answers. */
async function noteCutOffs(
  owners: readonly Owner[],
  reason: string,
  isAtFault: boolean,
  { host, memory, desired, failures }: ApplyContext,
): Promise<void> {
  const nowSeconds = Math.floor(host.clock.now() / 1000);
  const cutOffs = owners.map((owner) => {
    failures.add(owner, reason);
    const retryAtSeconds = nowSeconds + (isAtFault ? retryUndoneSeconds : 0);
    return [owner, { reason, wish: networkWish(desired, owner), retryAtSeconds }] as const;
  });
  await memory.update({ cutOffs: new OwnerMap([...memory.current.cutOffs, ...cutOffs]) });
}

async function forgetCutOffs(owners: readonly Owner[], { memory }: ApplyContext): Promise<void> {
  const left = [...memory.current.cutOffs].filter(([owner]) => !owners.some((one) => sameOwner(one, owner)));
  await memory.update({ cutOffs: new OwnerMap(left) });
}

function ownersOf(changes: readonly Change[]): Owner[] {
  return [...new OwnerMap(changes.map(({ owner }) => [owner, owner]))].map(([owner]) => owner);
}
