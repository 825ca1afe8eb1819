import { describe, expect, it } from 'vitest';
import { type FakeNode, makeFakeNode } from '../../../../fakes/fake-node.js';
import { listedBy, listWhatIsTold, plantCrash, round, stateOf } from '../crash-node.js';
import { type Scenario, scenarios } from './crash-scenarios.js';

/** A node on which other people's things lie, settled as the scenario has it, with its new wishes. */
async function prepare({ before, after }: Scenario): Promise<FakeNode> {
  const node = makeFakeNode();
  listWhatIsTold(node);
  node.host.files.set('peers/manual.conf', '# by hand\n');
  Object.assign(node.host.linkTable.get('eth0') ?? {}, {
    up: true,
    addresses: [{ local: '192.0.2.1', prefixLength: 24, peer: undefined }],
  });
  if (before) {
    before(node);
    const agent = await node.startAgent();
    await round(agent);
    await round(agent);
  }
  after(node);
  return node;
}

async function uninterrupted(scenario: Scenario): Promise<{ state: unknown; told: unknown }> {
  const node = await prepare(scenario);
  const agent = await node.startAgent();
  await round(agent);
  scenario.later?.(node);
  await round(agent);
  return { state: stateOf(node), told: listedBy(node) };
}

/** Kills the process before its n-th effect, or after all of them. Resolves to the node as it was left. */
async function killed(
  scenario: Scenario,
  n: number,
): Promise<{ node: FakeNode; at: string; isLast: boolean }> {
  const node = await prepare(scenario);
  const crash = plantCrash(node);
  const agent = await node.startAgent();
  crash.arm(n);
  await round(agent);
  crash.disarm();
  scenario.later?.(node);
  const { diedBefore } = crash;
  const at = diedBefore === undefined ? 'after all of it' : `before: ${diedBefore}`;
  return { node, at: `death ${n}, ${at}`, isLast: diedBefore === undefined };
}

/** At most two passes may be needed, and the third does nothing. */
async function recover(node: FakeNode, at: string): Promise<void> {
  const agent = await node.startAgent();
  await round(agent);
  await round(agent);
  expect(await round(agent), at).toEqual([]);
}

interface Deaths {
  readonly count: number;
  /** Of these, the deaths between a change of BIRD's configuration and its confirmation. */
  readonly unconfirmed: number;
}

/** Tries each death, and where BIRD has a change to undo, also the death after which it has undone it by itself. */
async function everyDeath(scenario: Scenario, loses: (node: FakeNode) => void = () => {}): Promise<Deaths> {
  const good = await uninterrupted(scenario);
  let unconfirmed = 0;
  for (let n = 1; ; n += 1) {
    const death = await killed(scenario, n);
    const isUnconfirmed = death.node.host.unconfirmed !== undefined;
    const ends = [death, ...(isUnconfirmed ? [undone(await killed(scenario, n))] : [])];
    for (const { node, at } of ends) {
      loses(node);
      await recover(node, at);
      expect(stateOf(node), at).toEqual(good.state);
      expect(listedBy(node), at).toEqual(good.told);
    }
    if (isUnconfirmed) unconfirmed += 1;
    if (death.isLast) return { count: n, unconfirmed };
  }
}

function undone<Death extends { readonly node: FakeNode; readonly at: string }>(death: Death): Death {
  death.node.host.undo();
  return { ...death, at: `${death.at}, and BIRD has undone it` };
}

/** Those of which BIRD never has a change on trial. */
const withoutTrial = ['a changed endpoint', 'a changed policy while BIRD hangs', 'a file that BIRD refuses'];

describe.each(scenarios)('a process that dies at any step of $title', (scenario) => {
  it('is followed by one that brings all to the same end', async () => {
    const { count, unconfirmed } = await everyDeath(scenario);
    expect(count).toBeGreaterThan(2);
    expect(unconfirmed > 0).toBe(!withoutTrial.includes(scenario.title));
  });
});

// Addresses have no mark: without its documents the agent does not know the old loopback address for its own.
const byMarks = scenarios.filter(({ title }) => title !== 'a changed loopback address');

describe.each(byMarks)('a process that dies at any step of $title and leaves no documents', (scenario) => {
  it('is followed by one that knows its things by their marks', async () => {
    await everyDeath(scenario, ({ state }) => state.documents.clear());
  });
});
