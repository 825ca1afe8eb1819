import type { BirdFile } from '../../core/model/artifacts.js';
import type { Change } from '../../core/model/change.js';
import { type Owner, sameOwner } from '../../core/model/owner.js';
import { changesOf } from '../../core/plan/plan.js';
import {
  hasRefusals,
  type Rejection,
  refused,
  silencedBefore,
  standing,
  undone,
} from '../../core/plan/rejections.js';
import type { ApplyContext } from './context.js';
import { hearsControlPlane, silence } from './health-gate.js';
import { rejection, separate } from './separate.js';

/** Hands BIRD its files, at most one reload, and switches single protocols on or off. */
export async function applyBird(changes: readonly Change[], context: ApplyContext): Promise<void> {
  await commitFiles(changes, context);
  const { host, failures } = context;
  for (const change of changes) {
    try {
      if (change.kind === 'enable-protocol') await host.bird.enable(change.protocol, context.signal);
      if (change.kind === 'disable-protocol') await host.bird.disable(change.protocol, context.signal);
    } catch (error) {
      failures.add(change.owner, error);
    }
  }
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
    const { good, reasons, fault } = await separate(all, (files) =>
      context.host.bird.check(files, remove, context.signal),
    );
    // Where all that was to be written is refused, there is nothing to load.
    const idle = writes.length > 0 && good?.length === 0 && remove.length === 0;
    // A reload that writes nothing brings files of the node, and of those whose protocols BIRD lacks.
    const isBrought = ({ owner }: BirdFile) =>
      isReload && (owner.kind === 'node' || waiting.some((one) => sameOwner(one.owner, owner)));
    const brought = [...(good ?? []), ...inPlace(context).filter(isBrought)];
    const touched = [...brought.map(({ path }) => path), ...remove];
    const isTried = good !== undefined && !idle;
    const back = isTried ? await load(good, removals, touched, context) : undefined;
    // A reload without any files of a pass's own has nobody else to tell.
    const refusal = back?.kind === 'waits' ? undefined : (back?.reason ?? fault);
    if (isReload && refusal !== undefined) failures.add({ kind: 'node' }, refusal);
    const isFailed = back !== undefined && back.kind !== 'waits';
    const taken = isFailed ? touched.map((path) => [path, back.reason] as const) : [];
    for (const [path, reason] of [...reasons, ...taken])
      failures.add(owners.get(path) ?? { kind: 'node' }, reason);
    for (const { owner } of waiting) if (back?.kind === 'not-included') failures.add(owner, back.reason);
    // What BIRD takes brings all that lies there.
    const lying = isTried && !back ? inPlace(context).map(({ path }) => path) : [];
    await remember(reasons, [...touched, ...lying], back, context);
  } catch (error) {
    if (isReload) failures.add({ kind: 'node' }, error);
    for (const change of [...writes, ...removals]) failures.add(change.owner, error);
  }
}

/** Files that are in place as they should be, whether BIRD has loaded them or not. */
function inPlace({ desired, observed }: ApplyContext): BirdFile[] {
  return (desired.files ?? []).filter(({ path, content }) => observed.birdFiles.get(path) === content);
}

/**
 * Why a load did not come to stay, or did not happen. `not-included`: the files are in place, and the operator's `bird.conf` does not
 * include them. `refused`: BIRD did not take it. `undone`: of what it led to. `unheard`: it may have cut
 * the node off before, and was not tried where that would not be noticed. `waits`: an operator has something else on trial.
 */
type TakenBack =
  | { readonly kind: 'not-included' | 'refused' | 'unheard' | 'waits'; readonly reason: string }
  | { readonly kind: 'undone'; readonly reason: string; readonly silenced: boolean };

/** Loads files that BIRD found good, which brings `touched`. Returns why they did not come to stay, if they did not. */
async function load(
  files: readonly BirdFile[],
  removals: readonly { readonly path: string; readonly owner: Owner }[],
  touched: readonly string[],
  context: ApplyContext,
): Promise<TakenBack | undefined> {
  const { host, memory, signal, desired } = context;
  const remove = removals.map(({ path }) => path);
  const isHeard = await hearsControlPlane(context);
  const before = silencedBefore(memory.current.rejected, desired, touched);
  // Whether it cuts the node off again cannot be told while the control plane is away.
  if (before !== undefined && !isHeard) return { kind: 'unheard', reason: before };
  const gate = context.gateFor(
    [...files, ...removals].map(({ owner }) => owner),
    isHeard,
  );
  // Also for an agent that comes after this one: a BIRD that hangs now may go on later, without a look at its files.
  const wasPending = memory.current.reloadPending;
  await memory.update({ reloadPending: true });
  const returning = desired.protocols.filter(({ returns }) => returns).map(({ name }) => name);
  const result = await host.bird.commit(files, remove, signal, { gate, returning });
  if (result.kind === 'not-included') return result;
  if (result.kind === 'written-not-loaded') return undefined;
  // What lay there unloaded before a change that was taken back still does.
  await memory.update({ reloadPending: result.kind !== 'loaded' && wasPending });
  if (result.kind === 'loaded') return undefined;
  if (result.kind === 'on-trial') return { kind: 'waits', reason: result.reason };
  if (!result.undone) return { kind: 'refused', reason: rejection(result) };
  const reason = `the new BIRD configuration was undone: ${result.message}`;
  return { kind: 'undone', reason, silenced: result.message === silence };
}

/** Notes what is not to be tried again, and forgets what was loaded. */
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
    // What is in place is not refused.
    if (!back || back.kind === 'not-included') return [];
    // What was not tried is due as soon as the control plane answers, or the operator's trial is over.
    if (back.kind === 'unheard' || back.kind === 'waits') return [memory.current.rejected[path] ?? []].flat();
    return back.kind === 'undone'
      ? [undone(desired, path, nowSeconds, back)]
      : [refused(desired, besides, back.reason)];
  }
}
