import type { BirdFile } from '../core/desired/desired.js';
import { changesOf, type Plan } from '../core/plan.js';
import type { ApplyContext } from './apply.js';
import type { FailureLog } from './failure-log.js';
import type { BirdCommit } from './ports.js';

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

async function commitFiles(
  plan: Plan,
  { host, memory, signal }: ApplyContext,
  failures: FailureLog,
): Promise<void> {
  const writes = changesOf(plan, 'write-file');
  const removals = changesOf(plan, 'remove-file');
  const reload = changesOf(plan, 'reload-bird').length > 0;
  if (writes.length + removals.length === 0 && !reload) return;
  const paths = removals.map((change) => change.path);
  try {
    await memory.update({ reloadPending: true });
    const commit = (files: readonly BirdFile[]) => host.bird.commit(files, paths, signal);
    const result = await commitGood(
      writes.map((change) => change.file),
      commit,
      failures,
    );
    if (result.kind === 'loaded') await memory.update({ reloadPending: false });
    if (result.kind === 'rejected') {
      for (const change of [...writes, ...removals])
        failures.add(change.owner, rejection(result.message, result.file));
    }
  } catch (error) {
    for (const change of [...writes, ...removals]) failures.add(change.owner, error);
  }
}

/** Leaves out the file of a session that BIRD finds fault with, so that it does not hold up the others. */
async function commitGood(
  files: readonly BirdFile[],
  commit: (files: readonly BirdFile[]) => Promise<BirdCommit>,
  failures: FailureLog,
): Promise<BirdCommit> {
  const result = await commit(files);
  const bad = result.kind === 'rejected' ? files.find((file) => file.path === result.file) : undefined;
  if (result.kind !== 'rejected' || bad?.owner.kind !== 'session') return result;
  failures.add(bad.owner, rejection(result.message, result.file));
  const rest = files.filter((file) => file !== bad);
  return rest.length === 0 ? result : commitGood(rest, commit, failures);
}

function rejection(message: string, file: string | undefined): string {
  return `BIRD refuses the configuration${file ? ` in ${file}` : ''}: ${message}`;
}
