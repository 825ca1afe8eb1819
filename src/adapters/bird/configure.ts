import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseStatus } from './parse.js';
import type { Reply } from './reply.js';
import type { BirdConnection } from './socket.js';

/** How long BIRD may work off a new configuration before it is left alone with it. */
const settleTimeoutMs = 30_000;
const settlePollMs = 50;

/** Done at once; still being worked off; queued behind another one. All three are accepted. */
const done = '0003';
const inProgress = ['0004', '0005'];

/**
 * Makes BIRD load its files (`configure`) and waits until it has worked them off, at most 30 s: after that it goes on
 * with them by itself. Returns undefined, or why they are not loaded. Throws `BirdSocketError`.
 */
export async function configure(connection: BirdConnection, main: string): Promise<string | undefined> {
  const reply = await connection.ask('configure');
  if (reply.code !== done && !inProgress.includes(reply.code)) return reply.text || `reply ${reply.code}`;
  if (inProgress.includes(reply.code)) await untilSettled(connection);
  return readsOther(reply, main);
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
