import type { BirdFile } from '../../core/model/artifacts.js';
import type { Change } from '../../core/model/change.js';
import { sameOwner } from '../../core/model/owner.js';
import { wordsOf } from '../../core/model/words-of.js';
import { afterAttempt } from '../../core/plan/limit-hits.js';
import { changesOf } from '../../core/plan/plan.js';
import {
  hasRefusals,
  type Rejection,
  refused,
  silencedBefore,
  standing,
  undone,
} from '../../core/plan/rejections.js';
import type { TouchedFile } from '../../core/verdict/after-load.js';
import type { ApplyContext } from './context.js';
import { hearsControlPlane, silence } from './health-gate.js';
import { rejection, separate } from './separate.js';

/** Gives BIRD its files, reloads it at most once, and enables or disables single protocols. */
export async function applyBird(changes: readonly Change[], context: ApplyContext): Promise<void> {
  await changeRules('add-rules', changes, context);
  await commitFiles(changes, context);
  const { host, failures } = context;
  for (const change of changes) {
    try {
      if (change.kind === 'enable-protocol') await host.bird.enable(change.protocol, context.signal);
      if (change.kind === 'disable-protocol') await host.bird.disable(change.protocol, context.signal);
      if (change.kind === 'restart-protocol' || change.kind === 'resend-routes')
        await bringBackRoutes(change, context);
    } catch (error) {
      failures.add(change.owner, error);
    }
  }
  await changeRules('remove-rules', changes, context);
}

async function changeRules(
  kind: 'add-rules' | 'remove-rules',
  changes: readonly Change[],
  { host, signal, failures }: ApplyContext,
): Promise<void> {
  for (const { owner, rules, kind: verb } of changesOf(changes, kind)) {
    try {
      await (verb === 'add-rules' ? host.rules.add : host.rules.remove)(rules, signal);
    } catch (error) {
      failures.add(owner, `could not set the routing rules: ${wordsOf(error)}`);
    }
  }
}

/** Noted also where it fails: what was blocked is tried again after a pause. */
async function bringBackRoutes(
  { kind, protocol }: { readonly kind: 'restart-protocol' | 'resend-routes'; readonly protocol: string },
  { host, memory, signal }: ApplyContext,
): Promise<void> {
  const { limitHits } = memory.current;
  const hit = limitHits[protocol];
  const nowSeconds = Math.floor(host.clock.now() / 1000);
  if (hit) await memory.update({ limitHits: { ...limitHits, [protocol]: afterAttempt(hit, nowSeconds) } });
  if (kind === 'restart-protocol') await host.bird.restart(protocol, signal);
  else await host.bird.resend(protocol, signal);
}

async function commitFiles(changes: readonly Change[], context: ApplyContext): Promise<void> {
  const { failures } = context;
  const writes = changesOf(changes, 'write-file');
  const removals = changesOf(changes, 'remove-file');
  const reloads = changesOf(changes, 'reload-bird');
  if (writes.length + removals.length + reloads.length === 0) return;
  const remove = removals.map((change) => change.path);
  const owners = new Map(writes.map(({ file, owner }) => [file.path, owner]));
  for (const { path, owner } of removals) owners.set(path, owner);
  const waiting = reloads.flatMap(({ missing }) => missing);
  const isReload = owners.size === 0;
  try {
    const all = writes.map((change) => change.file);
    // A reload without writes loads files of the node, and of owners whose protocols BIRD lacks.
    const isBrought = ({ owner }: BirdFile) =>
      isReload && (owner.kind === 'node' || waiting.some((one) => sameOwner(one.owner, owner)));
    const touchedWith = (files: readonly BirdFile[]) =>
      [...files, ...inPlace(context).filter(isBrought)].map(({ path }) => path).concat(remove);
    const { good, reasons, fault, isTried, back } = await loadGood(all, removals, touchedWith, context);
    const touched = touchedWith(good ?? []);
    // A reload without files of this pass has no other owner to report to.
    const refusal = back?.kind === 'waits' ? undefined : (back?.reason ?? fault);
    if (isReload && refusal !== undefined) failures.add({ kind: 'node' }, refusal);
    const isFailed = back !== undefined && back.kind !== 'waits';
    const taken = isFailed ? touched.map((path) => [path, back.reason] as const) : [];
    for (const [path, reason] of [...reasons, ...taken])
      failures.add(owners.get(path) ?? { kind: 'node' }, reason);
    for (const { owner } of waiting) if (back?.kind === 'not-included') failures.add(owner, back.reason);
    // BIRD loads all files in the directory.
    const lying = isTried && !back ? inPlace(context).map(({ path }) => path) : [];
    await remember(reasons, [...touched, ...lying], back, context);
  } catch (error) {
    if (isReload) failures.add({ kind: 'node' }, error);
    for (const change of [...writes, ...removals]) failures.add(change.owner, error);
  }
}

/**
 * Loads all files, which BIRD checks once. Where it refuses them, the agent looks for the files at fault and loads the others.
 * `back`: why BIRD does not run what was tried.
 */
async function loadGood(
  all: readonly BirdFile[],
  removals: readonly TouchedFile[],
  touchedWith: (files: readonly BirdFile[]) => readonly string[],
  context: ApplyContext,
) {
  const back = await load(all, removals, touchedWith(all), context);
  if (back?.kind !== 'refused' && back?.kind !== 'unheard')
    return { good: all, reasons: new Map<string, string>(), fault: undefined, isTried: true, back };
  const remove = removals.map(({ path }) => path);
  const found = await separate(all, (files) => context.host.bird.check(files, remove, context.signal));
  const { good } = found;
  // Where BIRD refuses all files that were to be written, there is nothing to load.
  const isIdle = all.length > 0 && good?.length === 0 && remove.length === 0;
  if (good === undefined || isIdle) return { ...found, isTried: false, back: undefined };
  return { ...found, isTried: true, back: await load(good, removals, touchedWith(good), context) };
}

/** Files that are in place with the right text, whether BIRD has loaded them or not. */
function inPlace({ desired, observed }: ApplyContext): BirdFile[] {
  return (desired.files ?? []).filter(({ path, content }) => observed.birdFiles.get(path) === content);
}

/**
 * Why BIRD does not run the new files. `not-included`: they are in place, but the operator's `bird.conf` does not include
 * them. `refused`: BIRD refuses them. `undone`: the agent undid the load because of its effect. `unheard`: they may have cut
 * the node off before, and nobody would notice if they did again. `waits`: an operator has another configuration on trial.
 */
type TakenBack =
  | { readonly kind: 'not-included' | 'refused' | 'unheard' | 'waits'; readonly reason: string }
  | { readonly kind: 'undone'; readonly reason: string; readonly silenced: boolean };

/** Gives BIRD files to check and to load, and with them `touched`. Returns why BIRD does not run them; undefined where it does. */
async function load(
  files: readonly BirdFile[],
  removals: readonly TouchedFile[],
  touched: readonly string[],
  context: ApplyContext,
): Promise<TakenBack | undefined> {
  const { host, memory, signal, desired } = context;
  const remove = removals.map(({ path }) => path);
  const isHeard = await hearsControlPlane(context);
  const before = silencedBefore(memory.current.rejected, desired, touched);
  // While the control plane is away, the agent cannot tell whether the files cut the node off again.
  if (before !== undefined && !isHeard) return { kind: 'unheard', reason: before };
  const gate = context.gateFor([...files, ...removals], isHeard);
  // Stored for the next agent, too: a hung BIRD may continue later, without a look at the files.
  const wasPending = memory.current.reloadPending;
  await memory.update({ reloadPending: true });
  const returning = desired.protocols.filter(({ returns }) => returns).map(({ name }) => name);
  const result = await host.bird.commit(files, remove, signal, { gate, returning });
  if (result.kind === 'not-included') return result;
  if (result.kind === 'written-not-loaded') return undefined;
  // Files that waited for a load before a change that was undone still wait.
  await memory.update({ reloadPending: result.kind !== 'loaded' && wasPending });
  context.failures.isLoaded = result.kind === 'loaded';
  if (result.kind === 'loaded') return undefined;
  if (result.kind === 'on-trial') return { kind: 'waits', reason: result.reason };
  if (!result.undone) return { kind: 'refused', reason: rejection(result) };
  const reason = `the agent undid the new BIRD configuration: ${result.message}`;
  return { kind: 'undone', reason, silenced: result.message === silence };
}

/** Stores what must not be tried again, and removes from that what was loaded. */
async function remember(
  reasons: ReadonlyMap<string, string>,
  touched: readonly string[],
  back: TakenBack | undefined,
  { host, memory, desired }: ApplyContext,
): Promise<void> {
  const nowSeconds = Math.floor(host.clock.now() / 1000);
  const isRefused = reasons.size > 0 || back?.kind === 'refused' || hasRefusals(memory.current.rejected);
  const besides = isRefused ? await host.bird.readBesides() : undefined;
  const former = Object.entries(standing(memory.current.rejected, desired, besides, nowSeconds));
  const rejected = {
    ...Object.fromEntries(former.filter(([path]) => !touched.includes(path))),
    ...Object.fromEntries([...reasons].map(([path, reason]) => [path, refused(desired, besides, reason)])),
    ...Object.fromEntries(touched.flatMap((path) => takenBack(path).map((one) => [path, one] as const))),
  };
  await memory.update({ rejected });

  function takenBack(path: string): readonly Rejection[] {
    // Files in place are not refused.
    if (!back || back.kind === 'not-included') return [];
    // What was not tried is due as soon as the control plane answers, or the operator's trial ends.
    if (back.kind === 'unheard' || back.kind === 'waits') {
      const before = memory.current.rejected[path];
      return before ? [before] : [];
    }
    return back.kind === 'undone'
      ? [undone(desired, path, nowSeconds, back)]
      : [refused(desired, besides, back.reason)];
  }
}
