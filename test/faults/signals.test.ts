import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ListedSession } from './harness/faulty-node.js';
import { endState, identities } from './harness/look.js';
import { isSlowCalled, makeSlow, restore } from './harness/slow-program.js';
import type { Finding } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';
import { type KillNode, openKillNode } from './kill/kill-node.js';
import { lasting, oneList, otherList } from './kill/kill-sessions.js';

type End = Readonly<Record<string, unknown>>;

let kill: KillNode;
let before: Record<string, unknown>;
let ends: ReadonlyMap<readonly ListedSession[], End>;
/** The list that the node is at. */
let list: readonly ListedSession[] = oneList;
/** How the node looked before the change, and is to look after it. */
let [was, good]: readonly End[] = [];

beforeAll(async () => {
  kill = await openKillNode('signals', oneList);
  await kill.start();
  const found = new Map<readonly ListedSession[], End>();
  for (const wanted of [otherList, oneList]) {
    await kill.node.setSessions(wanted);
    await kill.survivesResync();
    found.set(wanted, await endState(kill.node));
  }
  ends = found;
  before = await identities(kill.node, lasting);
});
afterAll(() => kill?.node.close());

beforeEach(async () => {
  was = ends.get(list);
  list = list === oneList ? otherList : oneList;
  good = ends.get(list);
  await kill.node.setSessions(list);
});

/** How each is called on the way from one list to the other. */
const programs = [
  ['ip', 'ip -force'],
  ['wireguard-go', 'wireguard-go'],
] as const;

describe('agent in mid-apply', () => {
  it.for(programs)('SIGTERM while %s is at work', async ([, call], { task }) => {
    await makeSlow(kill.node, call, 2);
    task.meta.finding = await stops('the change is finished', { at: slow(call) }, async () => {
      expect(await leftBehind()).toEqual(withoutSocket(good));
    });
  });

  it.for(programs)('SIGTERM twice while %s is at work', async ([, call], { task }) => {
    await makeSlow(kill.node, call, 30);
    const at = { at: slow(call), twice: true };
    task.meta.finding = await stops('cut off at once, the next run does the rest', at, async (tookMs) => {
      expect(tookMs).toBeLessThan(20_000);
    });
  });

  it('SIGTERM while wireguard-go hangs', async ({ task }) => {
    await makeSlow(kill.node, 'wireguard-go', 600);
    const at = { at: slow('wireguard-go') };
    task.meta.finding = await stops('it is given up, the next run does the rest', at, async (tookMs) => {
      expect(tookMs).toBeLessThan(60_000);
    });
  });

  it("SIGTERM while BIRD's new configuration is not confirmed yet", async ({ task }) => {
    await kill.node.setFault('health held for 3 s while BIRD is on trial');
    task.meta.finding = await stops('looked at to its end, and confirmed', { at: isHeld }, async () => {
      expect(await leftBehind()).toEqual(withoutSocket(good));
    });
  });

  it("SIGTERM twice while BIRD's new configuration is not confirmed yet", async ({ task }) => {
    await kill.node.setFault('health held for 30 s while BIRD is on trial');
    const at = { at: isHeld, twice: true };
    task.meta.finding = await stops('undone in BIRD and in its files', at, async (tookMs) => {
      expect(tookMs).toBeLessThan(20_000);
      const birds = ({ files, protocols }: End = {}) => ({ files, protocols });
      const left = await leftBehind();
      expect(birds(left)).toEqual(birds(was));
      expect(left['unconfirmed']).toBe(false);
    });
  });
});

function slow(call: string): () => Promise<boolean> {
  return () => isSlowCalled(kill.node, call);
}

/** The health gate has asked whether the control plane still answers. */
async function isHeld(): Promise<boolean> {
  return existsSync(kill.node.path('health-held'));
}

/** What a stopped agent has left. */
async function leftBehind(): Promise<End> {
  return withoutSocket(await endState(kill.node));
}

function withoutSocket(end: End = {}): End {
  const modes = end['modes'] as readonly string[];
  return { ...end, modes: modes.filter((line) => !/^run\/(?:agent|read)\.sock /.test(line)) };
}

interface Moment {
  readonly at: () => Promise<boolean>;
  readonly twice?: boolean;
}

/**
 * Begins the change, ends the agent in the middle of it, and looks. It ends by itself, with exit code 0, and the next run
 * does all that is left, with nothing restarted that the change does not concern.
 */
async function stops(
  seen: string,
  { at, twice = false }: Moment,
  look: (tookMs: number) => Promise<void>,
): Promise<Finding> {
  const asked = kill.survivesResync();
  await waitFor('the change is at that point', at);
  const startedMs = Date.now();
  kill.signal('SIGTERM');
  if (twice) {
    await waitFor('the first is heard', async () => kill.log().includes('SIGTERM: stopping'));
    kill.signal('SIGTERM');
  }
  expect(await kill.exited()).toBe(0);
  const namedMs = Date.now() - startedMs;
  await asked;
  await look(namedMs);
  return { seen, namedMs, recoveredMs: await nextRun() };
}

async function nextRun(): Promise<number> {
  await restore(kill.node);
  await kill.node.setFault(undefined);
  await rm(kill.node.path('health-held'), { force: true });
  const startedMs = Date.now();
  await kill.start();
  const tookMs = Date.now() - startedMs;
  expect(await endState(kill.node)).toEqual(good);
  expect(await identities(kill.node, lasting)).toEqual(before);
  expect(kill.complaints()).toEqual([]);
  return tookMs;
}
