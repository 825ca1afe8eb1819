import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../platform/exec.js';
import type { BirdCommit } from '../../shell/ports.js';
import { CandidateRefused, type FileChange, type Site } from './candidate.js';
import { checkByDaemon, checkByProgram } from './check.js';
import { configure } from './configure.js';
import { type BirdMode, daemonFile } from './names.js';
import { refuseUnsafe } from './refuse.js';
import { type BirdConnection, type BirdSocketOptions, connectBird } from './socket.js';
import { BirdSocketError } from './socket-error.js';
import { type Staged, stage } from './stage.js';
import { swapIn } from './swap.js';

export interface CommitOptions extends BirdSocketOptions {
  readonly configDir: string;
  readonly mode: BirdMode;
  readonly run: Run;
}

/** The daemon over an open connection, or why it does not answer. */
type Daemon = { readonly connection: BirdConnection } | { readonly silent: BirdSocketError };

/**
 * One transaction: stage, check, swap, load. Until the swap the signal ends it and nothing was changed; from there on
 * it is finished or taken back. Throws where that cannot be known to BIRD (`BirdSocketError`) or to the disk.
 */
export async function commit(
  options: CommitOptions,
  change: FileChange,
  signal?: AbortSignal,
): Promise<BirdCommit> {
  const { uid, gid } = await stat(options.configDir);
  const site: Site = { configDir: options.configDir, mode: options.mode, uid, gid };
  try {
    await refuseUnsafe(site, change);
    const staged = await stage(site, change);
    return await finallyDo(staged.remove, () => commitStaged(options, site, change, staged, signal));
  } catch (error) {
    if (!(error instanceof CandidateRefused)) throw error;
    return { kind: 'rejected', message: error.message, file: error.file };
  }
}

async function commitStaged(
  options: CommitOptions,
  site: Site,
  change: FileChange,
  staged: Staged,
  signal?: AbortSignal,
): Promise<BirdCommit> {
  const daemon = await findDaemon(options, signal);
  if ('silent' in daemon) {
    const rejected = await checkByProgram(options.run, staged, signal);
    if (rejected) return rejected;
    signal?.throwIfAborted();
    await (await swapIn(site, change)).keep();
    return { kind: 'written-not-loaded', reason: daemon.silent.message };
  }
  const { connection } = daemon;
  return finallyDo(
    async () => connection.close(),
    async () => {
      const rejected = await checkByDaemon(connection, staged, signal);
      if (rejected) return rejected;
      signal?.throwIfAborted();
      return await load(connection, site, change);
    },
  );
}

async function findDaemon(options: CommitOptions, signal?: AbortSignal): Promise<Daemon> {
  try {
    return { connection: await connectBird(options, signal) };
  } catch (error) {
    if (error instanceof BirdSocketError) return { silent: error };
    throw error;
  }
}

/** The files go in, and out again unless BIRD takes them. */
async function load(connection: BirdConnection, site: Site, change: FileChange): Promise<BirdCommit> {
  const swap = await swapIn(site, change);
  let refused: string | undefined;
  try {
    refused = await configure(connection, join(site.configDir, daemonFile));
  } catch (error) {
    await swap.putBack();
    throw error;
  }
  if (refused === undefined) {
    await swap.keep();
    return { kind: 'loaded' };
  }
  await swap.putBack();
  return { kind: 'rejected', message: refused, file: undefined };
}

async function finallyDo<T>(last: () => Promise<void>, first: () => Promise<T>): Promise<T> {
  try {
    return await first();
  } finally {
    await last();
  }
}
