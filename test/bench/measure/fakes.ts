import type { SessionEntry } from '../../../src/core/model/session.js';
import { asn } from '../../../src/core/model/values/asn.js';
import { makeFakeNode } from '../../fakes/fake-node.js';
import { makeEntry } from '../../unit/make.js';
import type { Figure } from '../figures.js';
import { figuresOf } from './figures-of.js';

const { signal } = new AbortController();

/** What the agent computes itself, without programs and disk, where so many real tunnels are too much for the machine. */
export async function measureFakes(sessions: number, runs: number): Promise<readonly Figure[]> {
  const all = [];
  for (let run = 0; run < runs; run += 1) all.push(await fakeRun(sessions));
  return figuresOf(sessions, all);
}

async function fakeRun(sessions: number) {
  const node = makeFakeNode();
  const agent = await node.startAgent();
  const round = async (count: number) => {
    node.controlPlane.sessions = Array.from({ length: count }, (_, index) => entry(index));
    const before = process.cpuUsage();
    await agent.refresh(['sessions'], signal);
    await agent.pass();
    const { user, system } = process.cpuUsage(before);
    node.host.nowMs += 60_000;
    if (node.host.wireguardTable.size !== count)
      throw new Error(`${node.host.wireguardTable.size} of ${count} tunnels: ${node.problems.join('; ')}`);
    return (user + system) / 1000;
  };
  const cold = await round(sessions);
  await round(sessions);
  const passes = [await round(sessions), await round(sessions), await round(sessions)];
  return {
    'fakes.cold': cold,
    'fakes.pass': passes.reduce((sum, ms) => sum + ms, 0) / passes.length,
    'fakes.new': await round(sessions + 1),
  } as const;
}

function entry(index: number): SessionEntry {
  return makeEntry({
    uuid: `s-${index}`,
    interface: `wg_${index}`,
    // Above the ports of the agent's own HTTP API and of the mesh.
    listenPort: 40_000 + index,
    asn: asn.parse(4_242_421_000 + index),
  });
}
