import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { allEnded } from '../harness/all-ended.js';
import { endState, identities } from '../harness/look.js';
import { type KillNode, openKillNode } from './kill-node.js';
import { lasting, oneList, otherList } from './kill-sessions.js';

const deaths = Number(process.env['MOENET_FAULTS_DEATHS'] ?? 200);
const seed = Number(process.env['MOENET_FAULTS_SEED'] ?? Date.now() % 1_000_000);
const nodes = 4;
/** Deaths one after another, before a run is left to end. */
const batch = 10;

// Hundreds of starts of the agent, which a busy machine draws out.
const timeout = 900_000;

describe('agent killed', { timeout }, () => {
  it(`at ${deaths} random moments, the wishes changing under it`, async ({ task }) => {
    const slowest = await allEnded(
      Array.from({ length: nodes }, (_, index) => dying(randomFrom(seed + index), deaths / nodes, index)),
    );
    const seen = `seed ${seed}; each run that was left to end put all right`;
    task.meta.finding = { seen, namedMs: 0, recoveredMs: Math.max(...slowest) };
  });
});

/** Resolves to the longest time that the run after a batch took. */
async function dying(random: () => number, count: number, index: number): Promise<number> {
  const at = `MOENET_FAULTS_SEED=${seed}, node ${index}`;
  const kill = await openKillNode(`random-${index}`, oneList);
  const { node } = kill;
  try {
    const good = new Map<unknown, unknown>();
    for (const list of [otherList, oneList]) {
      await node.setSessions(list);
      await kill.start();
      good.set(list, await endState(node));
    }
    const before = await identities(node, lasting);
    const lengthMs = await timed(() => kill.start());
    let slowestMs = 0;
    for (let done = 0; done < count; done += batch) {
      for (let n = 0; n < Math.min(batch, count - done); n++) await die(kill, random, lengthMs);
      const list = random() < 0.5 ? oneList : otherList;
      await node.setSessions(list);
      slowestMs = Math.max(slowestMs, await timed(() => kill.start()));
      expect(await endState(node), at).toEqual(good.get(list));
      expect(await identities(node, lasting), at).toEqual(before);
      expect(kill.complaints(), at).toEqual([]);
    }
    return slowestMs;
  } finally {
    await node.close();
  }
}

/** Starts the daemon, changes its wishes while it works, and ends it somewhere on its way. */
async function die(kill: KillNode, random: () => number, lengthMs: number): Promise<void> {
  await kill.node.setSessions(random() < 0.5 ? oneList : otherList);
  await kill.launch();
  // Its first third is Node's own start.
  await sleep((0.35 + 0.75 * random()) * lengthMs);
  await kill.kill();
}

async function timed(doIt: () => Promise<unknown>): Promise<number> {
  const startedMs = Date.now();
  await doIt();
  return Date.now() - startedMs;
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
