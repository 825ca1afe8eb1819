import { postsOf } from '../../../src/lab/control-plane/control-plane-state.js';
import { resync } from '../../e2e/ask-daemon.js';
import { waitFor } from '../../faults/harness/wait-for.js';
import { addBare } from '../bare-steps.js';
import { isCheck } from '../bird-relay.js';
import { sessionRows } from '../control-plane.js';
import type { BenchNode } from '../node.js';
import { countedByName } from '../programs.js';

/** From the moment when the control plane is asked for a list with a new session in it until it knows that the session is set up. */
export async function newcomerOf(node: BenchNode, index: number, say: (words: string) => void) {
  const bare = await addBare(node);
  const rows = sessionRows(index, 1, 'queued for setup');
  node.addSessions(rows);
  await resync(node.namespace);
  const told = () => postsOf(node.controlPlane, 'modify').find(({ body }) => body.uuid === rows[0]?.uuid);
  await waitFor('the new session is told', async () => told() !== undefined);
  const toldMs = told()?.atMs ?? 0;
  const { requests } = node.controlPlane;
  const servedMs =
    requests.findLast(({ path, atMs }) => path.endsWith('/sessions') && atMs <= toldMs)?.atMs ?? 0;
  const within = <T extends { readonly atMs: number }>(all: readonly T[]) =>
    all.filter(({ atMs }) => servedMs <= atMs && atMs <= toldMs);
  const programs = within(await node.programs());
  say(`  programs for a new one: ${countedByName(programs)}`);
  const checks =
    within(node.birdCommands).filter(isCheck).length +
    programs.filter(({ text }) => text === 'bird -p').length;
  return {
    'new.wall': (toldMs - servedMs) / 1000,
    'new.wall-ratio': (toldMs - servedMs) / 1000 / bare.wallSeconds,
    'new.programs': programs.length,
    'new.checks': checks,
  };
}
