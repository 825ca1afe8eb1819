import type { BirdFile } from '../core/desired/desired.js';
import type { Owner } from '../core/model/owner.js';
import { changesOf, type Plan, retryUndoneSeconds } from '../core/plan.js';
import type { ApplyContext } from './apply-context.js';
import type { FailureLog } from './failure-log.js';
import { rejection, separate } from './separate.js';

/** Hands BIRD its files, at most one reload, and enables what was disabled. */
export async function applyBird(plan: Plan, context: ApplyContext, failures: FailureLog): Promise<void> {
  await commitFiles(plan, context, failures);
  for (const { owner, protocol } of changesOf(plan, 'enable-protocol')) {
    try {
      await context.host.bird.enable(protocol, context.signal);
    } catch (error) {
      failures.add(owner, error);
    }
  }
}

async function commitFiles(plan: Plan, context: ApplyContext, failures: FailureLog): Promise<void> {
  const writes = changesOf(plan, 'write-file');
  const removals = changesOf(plan, 'remove-file');
  if (writes.length + removals.length + changesOf(plan, 'reload-bird').length === 0) return;
  const remove = removals.map((change) => change.path);
  const owners = new Map(writes.map(({ file, owner }) => [file.path, owner]));
  for (const { path, owner } of removals) owners.set(path, owner);
  try {
    const all = writes.map((change) => change.file);
    const { good, reasons, fault } = await separate(all, (files) =>
      context.host.bird.check(files, remove, context.signal),
    );
    // Where all that was to be written is refused, there is nothing to load.
    const idle = writes.length > 0 && good?.length === 0 && remove.length === 0;
    const undone = good && !idle ? await load(good, removals, context) : undefined;
    if (undone !== undefined) {
      for (const path of [...(good ?? []).map((file) => file.path), ...remove]) reasons.set(path, undone);
    }
    // A reload without any files of a pass's own has nobody else to tell.
    const refusal = undone ?? fault;
    if (owners.size === 0 && refusal !== undefined) failures.add({ kind: 'node' }, refusal);
    for (const [path, reason] of reasons) failures.add(owners.get(path) ?? { kind: 'node' }, reason);
    const loaded = undone === undefined ? (good ?? []).map((file) => file.path) : [];
    await remember(reasons, loaded, undone !== undefined, context);
  } catch (error) {
    for (const change of [...writes, ...removals]) failures.add(change.owner, error);
  }
}

/** Loads files that BIRD found good. Returns why they were taken back, if they were. */
async function load(
  files: readonly BirdFile[],
  removals: readonly { readonly path: string; readonly owner: Owner }[],
  { host, memory, signal, gateFor }: ApplyContext,
): Promise<string | undefined> {
  const remove = removals.map(({ path }) => path);
  const gate = gateFor([...files, ...removals].map(({ owner }) => owner));
  await memory.update({ reloadPending: true });
  const result = await host.bird.commit(files, remove, signal, gate);
  if (result.kind !== 'written-not-loaded') await memory.update({ reloadPending: false });
  if (result.kind !== 'rejected') return undefined;
  return result.undone ? `the new BIRD configuration was undone: ${result.message}` : rejection(result);
}

/**
 * Notes what is not to be tried again, and forgets what was loaded. What was undone for what it led to may go well another
 * time; what BIRD cannot read will not.
 */
async function remember(
  reasons: ReadonlyMap<string, string>,
  loaded: readonly string[],
  undone: boolean,
  { host, memory, fingerprint }: ApplyContext,
): Promise<void> {
  const former = memory.current.rejected?.fingerprint === fingerprint ? memory.current.rejected : undefined;
  const kept = Object.entries(former?.reasons ?? {}).filter(([path]) => !loaded.includes(path));
  const all = Object.fromEntries([...kept, ...reasons]);
  const retryAtSeconds = undone
    ? Math.floor(host.clock.now() / 1000) + retryUndoneSeconds
    : former?.retryAtSeconds;
  const rejected = Object.keys(all).length === 0 ? undefined : { fingerprint, reasons: all, retryAtSeconds };
  await memory.update({ rejected });
}
