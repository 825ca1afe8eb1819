import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HealthGate } from '../../shell/ports.js';
import { parseStatus } from './parse.js';
import type { Reply } from './reply.js';
import type { BirdConnection } from './socket.js';

/** How long BIRD may work off a new configuration before it is left alone with it. */
const settleTimeoutMs = 30_000;
const settlePollMs = 50;

/** Done at once; still being worked off; queued behind another one. All three are accepted. */
const done = '0003';
const inProgress = ['0004', '0005'];
const confirmed = '0018';

/** BIRD goes back by itself to what it ran before, if nobody confirms within this time: also if the agent is no more. */
const undoSeconds = 120;

/** Why BIRD runs what it ran before. */
export interface Fault {
  readonly message: string;
  /** True where BIRD took the configuration, and what it led to was bad. */
  readonly undone: boolean;
}

/**
 * Makes BIRD load its files and waits until it has worked them off, at most 30 s: after that it goes on with them by
 * itself. With a gate, BIRD is told to undo it all in 120 s (`configure timeout`); where the gate finds nothing wrong
 * that is called off (`configure confirm`), else it is done at once. Returns why the files are not loaded. Throws
 * `BirdSocketError`.
 */
export async function configure(
  connection: BirdConnection,
  main: string,
  gate: HealthGate | undefined,
): Promise<Fault | undefined> {
  const reply = await connection.ask(gate ? `configure timeout ${undoSeconds}` : 'configure');
  if (reply.code !== done && !inProgress.includes(reply.code))
    return { message: reply.text || `reply ${reply.code}`, undone: false };
  if (inProgress.includes(reply.code)) await untilSettled(connection);
  const other = await readsOther(reply, main);
  const bad =
    other ??
    (await gate?.().catch(async (error: unknown) => {
      await undo(connection);
      throw error;
    }));
  if (!gate) return other === undefined ? undefined : { message: other, undone: false };
  if (bad === undefined) await confirm(connection);
  else await undo(connection);
  return bad === undefined ? undefined : { message: bad, undone: other === undefined };
}

/** Throws where there is nothing to confirm: then BIRD has undone it, or somebody has had it load something else. */
async function confirm(connection: BirdConnection): Promise<void> {
  const reply = await connection.ask('configure confirm');
  if (reply.code !== confirmed)
    throw new Error(
      `the new BIRD configuration could not be confirmed: BIRD says ${reply.code} ${reply.text}`,
    );
}

async function undo(connection: BirdConnection): Promise<void> {
  const reply = await connection.ask('configure undo');
  if (inProgress.includes(reply.code)) await untilSettled(connection);
}

async function untilSettled(connection: BirdConnection): Promise<void> {
  for (let waitedMs = 0; waitedMs < settleTimeoutMs; waitedMs += settlePollMs) {
    if (!parseStatus(await connection.ask('show status')).reconfiguring) return;
    await sleep(settlePollMs);
  }
}

/** A daemon that was started with another `-c` loads its own file and never sees the agent's. */
async function readsOther(reply: Reply, main: string): Promise<string | undefined> {
  const line = reply.lines.find(({ code }) => code === '0002')?.text ?? '';
  const read = /^Reading configuration from (.+)$/.exec(line)?.[1];
  if (read === undefined || !read.startsWith('/')) return undefined;
  // Where BIRD sees other files than the agent (a chroot), its path says nothing here.
  const [ours, theirs] = await Promise.all([main, read].map((path) => realpath(path).catch(() => undefined)));
  if (ours === undefined || theirs === undefined || ours === theirs) return undefined;
  return `BIRD reads ${read}, not ${main}: bird.configDir must be the directory of the file it was started with`;
}
