import type { BootstrapConfig } from '../../core/model/control-plane.js';
import type { NftSet } from '../../core/model/values/port-set.js';
import { wordsOf } from '../../core/model/words-of.js';
import { planTeardown, type Teardown } from '../../core/plan/teardown.js';
import type { MemoryStore } from '../pass/memory.js';
import type { BirdRemains } from '../ports/bird-remains.js';
import type { Host } from '../ports/host.js';
import type { ResyncResult } from '../status/status.js';

export interface TeardownContext {
  readonly host: Pick<Host, 'links' | 'rules' | 'portSets' | 'bird'>;
  readonly birdRemains: BirdRemains;
  readonly memory: MemoryStore;
  readonly loopbackInterface: string;
  /** `firewall.nftSet` of the configuration. */
  readonly nftSet: NftSet | undefined;
  /** The last answer of the control plane, where there is one. */
  readonly bootstrap: BootstrapConfig | undefined;
}

/** What `teardown` would remove. Changes nothing. Throws where links or rules cannot be read: unknown must not look empty. */
export async function findRemains(context: TeardownContext, signal: AbortSignal): Promise<Teardown> {
  const { host, birdRemains, memory, loopbackInterface, nftSet, bootstrap } = context;
  const sets = [...new Set([...memory.current.portSets, ...[nftSet ?? []].flat()])];
  const [links, rules, bird, portSets] = await Promise.all([
    host.links.observe(signal),
    host.rules.observe(signal),
    birdRemains.read(),
    Promise.all(sets.map((set) => host.portSets.observe(set, signal))),
  ]);
  const { loopbackIpv4, loopbackIpv6 } = bootstrap?.node ?? {};
  return planTeardown({
    links,
    rules,
    bird,
    portSets,
    loopbackInterface,
    loopbackAddresses: [loopbackIpv4, loopbackIpv6].flatMap((address) => address ?? []),
    memory: memory.current,
  });
}

/**
 * Removes all that `findRemains` finds: BIRD's files first, in one change that BIRD checks, so that it has let go of the
 * tunnels; then routing rules, tunnels, addresses, the ports of a firewall. Where BIRD refuses, removes nothing. Looks again at the end.
 */
export async function tearDown(context: TeardownContext, signal: AbortSignal): Promise<ResyncResult> {
  const { host } = context;
  await undoUnconfirmed(context, signal);
  const before = await findRemains(context, signal);
  if (before.items.length === 0) return { ok: true, changes: [], errors: [] };
  const refusal = await removeFromBird(context, before, signal);
  if (refusal !== undefined) return { ok: false, changes: [], errors: [refusal] };
  const errors: string[] = [];
  if (before.rules.length > 0)
    await host.rules
      .remove(before.rules, signal)
      .catch((error) => errors.push(`could not remove the routing rules: ${wordsOf(error)}`));
  for (const [name, words] of await host.links.apply(before.links, signal))
    errors.push(`could not remove ${name}, or addresses of it: ${words}`);
  for (const { set, remove } of before.ports)
    await host.portSets
      .change(set, { add: [], remove }, signal)
      .catch((error) => errors.push(`could not remove the ports from the nft set ${set}: ${wordsOf(error)}`));
  const left = (await findRemains(context, signal)).items;
  if (errors.length === 0)
    errors.push(...left.map(({ kind, name }) => `${kind} ${name} is still there; run this command again`));
  if (errors.length === 0) errors.push(...(await forget(context.memory)));
  const isLeft = (kind: string, name: string) =>
    left.some((item) => item.kind === kind && item.name === name);
  const gone = before.items.filter(({ kind, name }) => !isLeft(kind, name));
  return {
    ok: errors.length === 0,
    changes: gone.map(({ kind, name, effect }) => `${kind} ${name}: ${effect}`),
    errors,
  };
}

/** A change of BIRD's files that a killed agent did not confirm. */
async function undoUnconfirmed({ host: { bird }, birdRemains }: TeardownContext, signal: AbortSignal) {
  const { files } = await birdRemains.read();
  if (files.size > 0 && (await bird.recover(signal)).length > 0) await bird.endRecovery();
}

/** Returns why BIRD keeps its files. */
async function removeFromBird(
  { birdRemains }: TeardownContext,
  { bird }: Teardown,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (bird.remove.length === 0 && bird.giveBack.length === 0) return undefined;
  const nothing = 'The agent has removed nothing';
  try {
    const done = await birdRemains.remove(bird, signal);
    switch (done.kind) {
      case 'loaded':
      case 'written-not-loaded':
        return undefined;
      case 'rejected':
        return `BIRD refuses its configuration without the agent's files: ${done.message}. ${nothing}. Mend the file in ${birdRemains.directory} (a .orig file that the agent gives back, you may also move elsewhere), then run this command again`;
      default:
        return `${done.reason}. ${nothing}. Run this command again once that is over`;
    }
  } catch (error) {
    return `could not change BIRD's files: ${wordsOf(error)}. ${nothing}; the next run undoes what this one began`;
  }
}

/** The addresses are the agent's no more: whoever sets them next owns them. */
async function forget(memory: MemoryStore): Promise<string[]> {
  await memory.update({
    loopback: [],
    loopbackCarrier: undefined,
    creating: [],
    endpoints: {},
    reloadPending: true,
    mayHaveRules: false,
    portSets: [],
  });
  return memory.problem === undefined ? [] : [memory.problem];
}
