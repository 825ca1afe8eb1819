import { join } from 'node:path';
import { daemonFile } from '../../../core/model/names.js';
import { diskError } from '../../../platform/disk-error.js';
import type { Run } from '../../../platform/exec.js';
import type { BirdCommit, LoadWishes } from '../../../shell/ports/bird.js';
import { disabledByHand, keepDisabled } from '../control-protocol.js';
import type { BirdMode, SiteMode } from '../paths.js';
import type { BirdConnection, BirdSocketOptions } from '../socket/socket.js';
import { BirdSocketError } from '../socket/socket-error.js';
import { withBird } from '../socket/with-bird.js';
import { CandidateRefused, type FileChange, type Rejection, type Site, siteOf } from './candidate.js';
import { checkByDaemon, checkByProgram } from './check.js';
import {
  confirmTrial,
  isSameTrial,
  loadTrial,
  readsOther,
  secondsOnTrial,
  type UndoTime,
  undoSeconds,
  undoTime,
  undoTrial,
} from './configure.js';
import { readJournal } from './journal.js';
import { refuseUnsafe } from './refuse.js';
import { type Staged, stage } from './stage.js';
import { prepareSwap } from './swap.js';

export interface ChangeOptions extends BirdSocketOptions {
  readonly configDir: string;
  readonly mode: SiteMode;
  readonly run: Run;
  /** Nobody checks the files where no daemon answers and the program `bird` is not installed; absent: an error. */
  readonly mayLackProgram?: true;
}

export interface CommitOptions extends ChangeOptions {
  readonly mode: BirdMode;
}

/**
 * One transaction. BIRD checks the candidate and loads it on trial, from beside its own files; if `gate` finds nothing wrong,
 * the candidate replaces the files and the agent confirms the trial. Until then BIRD's files are the previous ones: BIRD
 * returns to them by itself, or reads them at a restart, even if the agent is killed. The signal ends the transaction only
 * before the trial. What an operator disabled by hand stays so, except `returning`, and an operator's own trial goes on.
 * Throws where BIRD (`BirdSocketError`) or the disk fails; the previous files are then in place.
 */
export async function commit(
  options: ChangeOptions,
  change: FileChange,
  signal?: AbortSignal,
  wishes: LoadWishes = {},
): Promise<BirdCommit> {
  return withStaged(options, change, (site, staged) =>
    whereGood(options, staged, signal, async (bird): Promise<BirdCommit> => {
      signal?.throwIfAborted();
      const { missing } = staged;
      if (missing) {
        await writeOnly(site, change);
        return { kind: 'not-included', reason: missing.reason };
      }
      if (bird instanceof BirdSocketError) {
        await writeOnly(site, change);
        return { kind: 'written-not-loaded', reason: bird.message };
      }
      return load(bird, { site, staged, change }, wishes);
    }),
  );
}

/** For when no daemon reads the files now: it reads them when it starts, or when its own file includes them. */
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
  options: ChangeOptions,
  change: FileChange,
  signal?: AbortSignal,
): Promise<Rejection | undefined> {
  return withStaged(options, change, (_, staged) =>
    whereGood(options, staged, signal, async () => undefined),
  );
}

async function withStaged<T>(
  options: ChangeOptions,
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

/**
 * Calls `then` where BIRD accepts the candidate: the daemon does the check, or its program where no daemon answers; `then`
 * gets the reason why it did not.
 */
function whereGood<T>(
  options: ChangeOptions,
  staged: Staged,
  signal: AbortSignal | undefined,
  then: (bird: BirdConnection | BirdSocketError) => Promise<T>,
): Promise<T | Rejection> {
  return withBird(
    options,
    signal,
    async (bird) => (await checkByDaemon(bird, staged, signal)) ?? then(bird),
    async (silent) => (await checkByProgram(options, staged, signal)) ?? then(silent),
  );
}

async function load(
  connection: BirdConnection,
  { site, staged, change }: { readonly site: Site; readonly staged: Staged; readonly change: FileChange },
  { gate = async () => undefined, returning = [] }: LoadWishes,
): Promise<BirdCommit> {
  const other = await readsOther(connection, join(site.configDir, daemonFile));
  if (other !== undefined) return { kind: 'rejected', message: other, file: undefined };
  // With a journal it is the trial of an agent that was killed, which must be undone first.
  const isOurs = (await readJournal(site)) !== undefined;
  if (!isOurs && (await secondsOnTrial(connection)) !== undefined) return onTrial;
  const off = await disabledByHand(connection);
  const staysOff = off.filter((name) => !returning.includes(name));
  const swap = await prepareSwap(site, change);
  let ours: UndoTime | undefined;
  let isConfirmed = false;
  try {
    const refusal = await loadTrial(connection, staged.main);
    if (refusal !== undefined) {
      await swap.takeBack();
      await swap.close();
      return { kind: 'rejected', message: refusal, file: undefined };
    }
    ours = await undoTime(connection);
    await keepDisabled(connection, staysOff);
    const fault = await gate();
    if (await isSomebodyElses(connection, ours)) return await giveWay();
    if (fault !== undefined) {
      await undo();
      await swap.takeBack();
      await swap.close();
      return { kind: 'rejected', message: fault, file: undefined, undone: true };
    }
    await swap.perform();
    if (await isSomebodyElses(connection, ours)) return await giveWay();
    await confirmTrial(connection);
    isConfirmed = true;
    await swap.close();
    return { kind: 'loaded' };
  } catch (error) {
    await swap.takeBack();
    // If BIRD does not answer, its trial may go on: the journal stays, and the next run ends both.
    await undoOwn().then(swap.close, () => undefined);
    throw error;
  }

  async function undo(): Promise<void> {
    await undoTrial(connection);
    await keepDisabled(connection, off);
  }

  /** The agent does not undo what somebody else made BIRD load in between. */
  async function undoOwn(): Promise<void> {
    const present = await undoTime(connection);
    // Before, nothing was on trial.
    const isLost = ours === undefined && present !== undefined && isAgents(present);
    if (isConfirmed || isLost || (ours && present && isSameTrial(ours, present))) await undo();
  }

  async function giveWay(): Promise<BirdCommit> {
    await swap.takeBack();
    await swap.close();
    return onTrial;
  }
}

const onTrial: BirdCommit = {
  kind: 'on-trial',
  reason: 'somebody else has a configuration on trial in BIRD ("configure timeout")',
};

/** True where the timer may be the agent's: an operator's is mostly longer. */
function isAgents({ fromMs }: UndoTime): boolean {
  return fromMs - performance.now() <= undoSeconds * 1000;
}

/** True where BIRD's undo timer is not that of our load any more: a confirmation would hit another trial. */
async function isSomebodyElses(connection: BirdConnection, ours: UndoTime | undefined): Promise<boolean> {
  const present = await undoTime(connection);
  return present !== undefined && (ours === undefined || !isSameTrial(ours, present));
}

/** Runs `last` whether `first` succeeds or not. */
async function finallyDo<T>(last: () => Promise<void>, first: () => Promise<T>): Promise<T> {
  try {
    return await first();
  } finally {
    await last();
  }
}
