import { join } from 'node:path';
import { diskError } from '../../platform/disk-error.js';
import type { Run } from '../../platform/exec.js';
import type { BirdCommit, HealthGate } from '../../shell/ports.js';
import { CandidateRefused, type FileChange, type Rejection, type Site, siteOf } from './candidate.js';
import { checkByDaemon, checkByProgram } from './check.js';
import { confirmTrial, loadTrial, readsOther, undoTrial } from './configure.js';
import { type Daemon, finallyDo, withDaemon } from './daemon.js';
import { type BirdMode, daemonFile } from './names.js';
import { refuseUnsafe } from './refuse.js';
import type { BirdConnection, BirdSocketOptions } from './socket.js';
import { type Staged, stage } from './stage.js';
import { prepareSwap } from './swap.js';

export interface CommitOptions extends BirdSocketOptions {
  readonly configDir: string;
  readonly mode: BirdMode;
  readonly run: Run;
}

/**
 * One transaction. BIRD checks the candidate and loads it on trial, from beside its own files; where `gate` finds nothing wrong, the
 * candidate takes the files' place and the trial is confirmed. Until then BIRD's files are the former ones: BIRD returns to
 * them by itself, and reads them when it is restarted, also when the agent is killed meanwhile. The signal ends the transaction until the trial begins.
 * Throws where BIRD (`BirdSocketError`) or the disk fails; the files are the former ones then.
 */
export async function commit(
  options: CommitOptions,
  change: FileChange,
  signal?: AbortSignal,
  gate: HealthGate = async () => undefined,
): Promise<BirdCommit> {
  return withStaged(options, change, (site, staged) =>
    withDaemon(options, signal, async (daemon): Promise<BirdCommit> => {
      const rejected = await check(options, daemon, staged, signal);
      if (rejected) return rejected;
      signal?.throwIfAborted();
      const { missing } = staged;
      if ('connection' in daemon && !missing) return load(daemon.connection, site, staged, change, gate);
      await writeOnly(site, change);
      if (missing) return { kind: 'not-included', reason: missing.reason };
      return { kind: 'written-not-loaded', reason: 'silent' in daemon ? daemon.silent.message : '' };
    }),
  );
}

/** For where no daemon reads the files now: it does when it starts, or when its own file includes them. */
async function writeOnly(site: Site, change: FileChange): Promise<void> {
  const swap = await prepareSwap(site, change);
  await finallyDo(swap.close, () =>
    swap.perform().catch(async (error: unknown) => {
      await swap.takeBack();
      throw error;
    }),
  );
}

/** Only stages and checks; undefined where BIRD finds the candidate good. */
export async function tryOut(
  options: CommitOptions,
  change: FileChange,
  signal?: AbortSignal,
): Promise<Rejection | undefined> {
  return withStaged(options, change, (_, staged) =>
    withDaemon(options, signal, (daemon) => check(options, daemon, staged, signal)),
  );
}

async function withStaged<T>(
  options: CommitOptions,
  change: FileChange,
  use: (site: Site, staged: Staged) => Promise<T>,
): Promise<T | Rejection> {
  const site = await siteOf(options);
  try {
    await refuseUnsafe(site, change);
    const staged = await stage(site, change);
    return await finallyDo(staged.remove, () => use(site, staged));
  } catch (error) {
    if (!(error instanceof CandidateRefused)) throw diskError(options.configDir, error);
    return { kind: 'rejected', message: error.message, file: error.file };
  }
}

function check(
  options: CommitOptions,
  daemon: Daemon,
  staged: Staged,
  signal: AbortSignal | undefined,
): Promise<Rejection | undefined> {
  return 'connection' in daemon
    ? checkByDaemon(daemon.connection, staged, signal)
    : checkByProgram(options.run, staged, signal);
}

async function load(
  connection: BirdConnection,
  site: Site,
  staged: Staged,
  change: FileChange,
  gate: HealthGate,
): Promise<BirdCommit> {
  const other = await readsOther(connection, join(site.configDir, daemonFile));
  if (other !== undefined) return { kind: 'rejected', message: other, file: undefined };
  const swap = await prepareSwap(site, change);
  try {
    const refusal = await loadTrial(connection, staged.main);
    const fault = refusal ?? (await gate());
    if (fault === undefined) {
      await swap.perform();
      await confirmTrial(connection);
    } else {
      if (refusal === undefined) await undoTrial(connection);
      await swap.takeBack();
    }
    await swap.close();
    if (fault === undefined) return { kind: 'loaded' };
    const rejected = { kind: 'rejected', message: fault, file: undefined } as const;
    return refusal === undefined ? { ...rejected, undone: true } : rejected;
  } catch (error) {
    await swap.takeBack();
    // Where BIRD does not answer, its trial may go on: the journal stays, and the next run ends both.
    await undoTrial(connection).then(swap.close, () => undefined);
    throw error;
  }
}
