import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseStatus, parseUndoSeconds } from '../parse.js';
import type { Reply } from '../socket/reply.js';
import type { BirdConnection } from '../socket/socket.js';

/** How long BIRD may work on a new configuration before the agent stops waiting for it. */
const settleTimeoutMs = 30_000;
const settlePollMs = 50;

/** Done at once; still in progress; queued behind another one. BIRD accepts the configuration in all three cases. */
const done = '0003';
const inProgress = ['0004', '0005'];
const confirmed = '0018';

/** BIRD undoes its new configuration by itself unless it is confirmed within this time, even if the agent is gone. */
export const undoSeconds = 120;

/**
 * Seconds until BIRD undoes what is on trial, whoever started the trial; undefined where nothing is. `configure status`
 * changes nothing. BIRD has one timer: another load takes it over.
 */
export async function secondsOnTrial(connection: BirdConnection): Promise<number | undefined> {
  return parseUndoSeconds(await connection.ask('configure status'));
}

/** When BIRD's undo timer ends, in ms of the process's monotonic clock: an interval, because an answer takes time. */
export interface UndoTime {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Undefined where nothing is on trial. */
export async function undoTime(connection: BirdConnection): Promise<UndoTime | undefined> {
  const askedMs = performance.now();
  const seconds = await secondsOnTrial(connection);
  if (seconds === undefined) return undefined;
  return { fromMs: askedMs + seconds * 1000, toMs: performance.now() + seconds * 1000 };
}

/** BIRD's own clock stands still while BIRD works. */
const clockSlackMs = 5_000;

/** True where it is the timer of the same trial. `show status` cannot tell: the time of a load in it varies by itself. */
export function isSameTrial(one: UndoTime, other: UndoTime): boolean {
  return one.fromMs - clockSlackMs <= other.toMs && other.fromMs - clockSlackMs <= one.toMs;
}

/**
 * Makes BIRD load the configuration in `main` on trial: BIRD undoes it in 120 s unless `confirmTrial` comes first. BIRD's own
 * file stays, so a BIRD that restarts in between reads the previous configuration. Waits at most 30 s until BIRD has finished.
 * Returns why BIRD refuses it. Throws `BirdSocketError`.
 */
export async function loadTrial(connection: BirdConnection, main: string): Promise<string | undefined> {
  return load(connection, `configure "${main}" timeout ${undoSeconds}`);
}

/** Makes BIRD load its own file; ends a trial. Returns why BIRD refuses it. Throws `BirdSocketError`. */
export async function loadOwnFile(connection: BirdConnection): Promise<string | undefined> {
  return load(connection, 'configure');
}

async function load(connection: BirdConnection, command: string): Promise<string | undefined> {
  const reply = await connection.ask(command);
  if (reply.code !== done && !inProgress.includes(reply.code)) return reply.text || `reply ${reply.code}`;
  if (inProgress.includes(reply.code)) await untilSettled(connection);
  return undefined;
}

/** Throws where there is no trial to confirm: BIRD has undone it, or somebody made BIRD load something else. */
export async function confirmTrial(connection: BirdConnection): Promise<void> {
  const reply = await connection.ask('configure confirm');
  if (reply.code !== confirmed)
    throw new Error(`BIRD did not confirm its new configuration: it says ${reply.code} ${reply.text}`);
}

/** BIRD returns to its previous configuration; without a trial it keeps the running one. Throws `BirdSocketError`. */
export async function undoTrial(connection: BirdConnection): Promise<void> {
  const reply = await connection.ask('configure undo');
  if (inProgress.includes(reply.code)) await untilSettled(connection);
}

async function untilSettled(connection: BirdConnection): Promise<void> {
  for (let waitedMs = 0; waitedMs < settleTimeoutMs; waitedMs += settlePollMs) {
    if (!parseStatus(await connection.ask('show status')).reconfiguring) return;
    await sleep(settlePollMs);
  }
}

/**
 * Why BIRD never reads the agent's files: it was started with another `-c` than `main`. Undefined where it reads `main`.
 * `configure check` without a name checks BIRD's own file, names it, and changes nothing.
 */
export async function readsOther(connection: BirdConnection, main: string): Promise<string | undefined> {
  const read = fileRead(await connection.ask('configure check'));
  if (read === undefined || !read.startsWith('/')) return undefined;
  // If BIRD sees other files than the agent (a chroot), its path means nothing here.
  const [ours, theirs] = await Promise.all([main, read].map((path) => realpath(path).catch(() => undefined)));
  if (ours === undefined || theirs === undefined || ours === theirs) return undefined;
  return `BIRD reads ${read}, not ${main}: set bird.configDir to the directory of the file that BIRD was started with`;
}

function fileRead({ lines }: Reply): string | undefined {
  const line = lines.find(({ code }) => code === '0002')?.text ?? '';
  return /^Reading configuration from (.+)$/.exec(line)?.[1];
}
