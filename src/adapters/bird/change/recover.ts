import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { disabledByHand, keepDisabled } from '../control-protocol.js';
import { stagedDirectory } from '../paths.js';
import type { BirdConnection } from '../socket/socket.js';
import { withBird } from '../socket/with-bird.js';
import { siteOf } from './candidate.js';
import type { CommitOptions } from './commit.js';
import { loadOwnFile, secondsOnTrial, undoSeconds } from './configure.js';
import { closeJournal, readJournal } from './journal.js';
import { refuseLinks } from './refuse.js';
import { takeBack } from './swap.js';

/**
 * Undoes the change of an agent that was killed in the middle: its files, and BIRD with them, return to their previous state,
 * because nobody knows whether the change was good. Returns the restored paths, whose journal stays; none where there was no
 * such change. Throws on failure; the next call tries again.
 */
export async function recover(options: CommitOptions, signal?: AbortSignal): Promise<readonly string[]> {
  await rm(join(options.configDir, stagedDirectory), { recursive: true, force: true });
  const site = await siteOf(options);
  const journal = await readJournal(site);
  if (journal) {
    await refuseLinks(site);
    await takeBack(site, journal);
    await withBird(options, signal, endTrial, async () => undefined);
  }
  const putBack = journal?.files.map(({ path }) => path) ?? [];
  if (putBack.length === 0) await closeJournal(site);
  return putBack;
}

/**
 * Makes BIRD load its own file, which ends a trial of the agent, and BIRD's undo timer with it. A timer longer than the
 * agent's is an operator's: then the killed agent's trial is over, or comes back with the undo, and the next pass sees it.
 */
async function endTrial(connection: BirdConnection): Promise<void> {
  const left = await secondsOnTrial(connection);
  if (left !== undefined && left > undoSeconds) return;
  const off = await disabledByHand(connection);
  await loadOwnFile(connection);
  await keepDisabled(connection, off);
}

/** Forgets the change that `recover` has undone. */
export async function endRecovery(options: CommitOptions): Promise<void> {
  await closeJournal(await siteOf(options));
}
