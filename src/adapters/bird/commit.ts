import { join } from 'node:path';
import { diskError } from '../../platform/disk-error.js';
import type { Run } from '../../platform/exec.js';
import type { BirdCommit, HealthGate } from '../../shell/ports.js';
import { CandidateRefused, type FileChange, type Rejection, type Site, siteOf } from './candidate.js';
import { checkByDaemon, checkByProgram } from './check.js';
import { configure } from './configure.js';
import { type Daemon, finallyDo, withDaemon } from './daemon.js';
import { type BirdMode, daemonFile } from './names.js';
import { refuseUnsafe } from './refuse.js';
import type { BirdConnection, BirdSocketOptions } from './socket.js';
import { type Staged, stage } from './stage.js';
import { swapIn } from './swap.js';

export interface CommitOptions extends BirdSocketOptions {
  readonly configDir: string;
  readonly mode: BirdMode;
  readonly run: Run;
}

/**
 * One transaction: stage, check, swap, load, and confirm where `gate` finds nothing wrong. Until the swap the signal ends
 * it and nothing was changed; from there on it is finished or taken back. Throws where that cannot be known to BIRD
 * (`BirdSocketError`) or to the disk.
 */
export async function commit(
  options: CommitOptions,
  change: FileChange,
  signal?: AbortSignal,
  gate?: HealthGate,
): Promise<BirdCommit> {
  return withStaged(options, change, (site, staged) =>
    withDaemon(options, signal, async (daemon) => {
      const rejected = await check(options, daemon, staged, signal);
      if (rejected) return rejected;
      signal?.throwIfAborted();
      if ('connection' in daemon) return await load(daemon.connection, site, change, gate);
      await (await swapIn(site, change)).keep();
      return { kind: 'written-not-loaded', reason: daemon.silent.message };
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

/** The files go in, and out again unless BIRD takes them and all is well with them. */
async function load(
  connection: BirdConnection,
  site: Site,
  change: FileChange,
  gate: HealthGate | undefined,
): Promise<BirdCommit> {
  const swap = await swapIn(site, change);
  try {
    const fault = await configure(connection, join(site.configDir, daemonFile), gate);
    if (fault === undefined) {
      await swap.keep();
      return { kind: 'loaded' };
    }
    await swap.putBack();
    const { message, undone } = fault;
    return { kind: 'rejected', message, file: undefined, ...(undone ? { undone } : {}) };
  } catch (error) {
    await swap.putBack();
    throw error;
  }
}
