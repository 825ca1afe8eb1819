import { describe, expect, it } from 'vitest';
import { askIfRunning } from '../../../src/http/client.js';
import { allEnded } from '../harness/all-ended.js';
import type { ListedSession } from '../harness/faulty-node.js';
import { endState, identities } from '../harness/look.js';
import type { Finding } from '../harness/trial.js';
import { type KillNode, openKillNode } from './kill-node.js';
import { foreign, lasting, oneList, otherList } from './kill-sessions.js';

/** Has the agent die at one moment; resolves to how long the next took for all the rest, undefined where it lived. */
type Death = (die: string) => Promise<number | undefined>;

// Some fifty starts of the agent, which a busy machine draws out.
const timeout = 900_000;

describe.concurrent('agent killed', { timeout }, () => {
  const moments = ['just before', 'during'] as const;
  it.for(moments)('%s each kind of effect of a first setup', async (moment, { task }) => {
    task.meta.finding = await series(moment, 1, dyingInSetup);
  });
  it.for(moments)('%s each effect of a change', async (moment, { task }) => {
    task.meta.finding = await series(moment, 2, dyingInChange);
  });
});

/** Two nodes share the deaths among them. */
async function series(
  moment: string,
  ofEachKind: number,
  prepare: (kill: KillNode) => Promise<Death>,
): Promise<Finding> {
  const nodes = 2;
  let deaths = 0;
  let slowestMs = 0;
  const share = async (first: number): Promise<void> => {
    const kill = await openKillNode(`kill-${first}`, oneList, ofEachKind);
    try {
      const die = await prepare(kill);
      for (let n = first; ; n += nodes) {
        const tookMs = await die(`${n} ${moment.split(' ').at(-1)}`);
        if (tookMs === undefined) return;
        deaths += 1;
        slowestMs = Math.max(slowestMs, tookMs);
      }
    } finally {
      await kill.node.close();
    }
  };
  await allEnded(Array.from({ length: nodes }, (_, index) => share(index + 1)));
  expect(deaths).toBeGreaterThan(5);
  return { seen: `${deaths} deaths, each put right by the next run`, namedMs: 0, recoveredMs: slowestMs };
}

/** The node is as new each time. */
async function dyingInSetup(kill: KillNode): Promise<Death> {
  const { node } = kill;
  await kill.start();
  const good = await endState(node);
  return async (die) => {
    await kill.empty();
    const others = await identities(node, foreign);
    await kill.start(die);
    if (kill.isAlive()) return undefined;
    const at = await kill.lastStep();
    const tookMs = await timed(() => kill.start());
    expect(await endState(node), at).toEqual(good);
    expect(await identities(node, foreign), at).toEqual(others);
    expect(kill.complaints(), at).toEqual([]);
    return tookMs;
  };
}

/** There and back again, with a death on each way. */
async function dyingInChange(kill: KillNode): Promise<Death> {
  const { node } = kill;
  await kill.start();
  const ends: { list: readonly ListedSession[]; good: unknown }[] = [];
  for (const list of [otherList, oneList]) {
    await node.setSessions(list);
    await askIfRunning(node.path('run'), 'resync', { force: false });
    ends.push({ list, good: await endState(node) });
  }
  const before = await identities(node, lasting);
  let way = 0;
  return async (die) => {
    const { list, good } = ends[way % 2] ?? {};
    way += 1;
    await node.setSessions(list ?? []);
    await kill.arm(die);
    if (await kill.survivesResync()) return undefined;
    const at = await kill.lastStep();
    const tookMs = await timed(() => kill.start());
    expect(await endState(node), at).toEqual(good);
    expect(await identities(node, lasting), at).toEqual(before);
    expect(kill.complaints(), at).toEqual([]);
    return tookMs;
  };
}

async function timed(doIt: () => Promise<unknown>): Promise<number> {
  const startedMs = Date.now();
  await doIt();
  return Date.now() - startedMs;
}
