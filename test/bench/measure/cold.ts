import { type Recipe, readRecipe, runBare } from '../bare.js';
import { isLoad } from '../bird-relay.js';
import { sessionRows } from '../control-plane.js';
import type { Figure } from '../figures.js';
import { openNode } from '../node.js';
import { countedByName } from '../programs.js';
import { figuresOf } from './figures-of.js';

/** A node without anything gets all its sessions in one pass; beside the bare commands for the same, in turn. */
export async function measureCold(
  sessions: number,
  runs: number,
  say: (words: string) => void,
): Promise<readonly Figure[]> {
  const all = [];
  for (let run = 0; run < runs; run += 1) {
    const { recipe, own, programs } = await coldRun(sessions);
    if (run === 0) say(`  programs: ${countedByName(programs)}`);
    const bare = await runBare(recipe);
    all.push({
      ...own,
      'bare.cpu': bare.cpuSeconds,
      'bare.wall': bare.wallSeconds,
      'cold.cpu-ratio': own['cold.cpu'] / bare.cpuSeconds,
      'cold.wall-ratio': own['cold.wall'] / bare.wallSeconds,
    });
  }
  return figuresOf(sessions, all);
}

async function coldRun(sessions: number) {
  const node = await openNode('cold');
  try {
    // Acknowledged already, so that how fast updates may be posted is not in it.
    node.addSessions(sessionRows(0, sessions, 'active'));
    const { cpuSeconds, wallSeconds, exitCode, output } = await node.once();
    const recipe: Recipe = await readRecipe(node);
    if (exitCode !== 0 || recipe.tunnels.size !== sessions)
      throw new Error(`the cold run made ${recipe.tunnels.size} tunnels (exit code ${exitCode}): ${output}`);
    const programs = await node.programs();
    const own = {
      'cold.cpu': cpuSeconds,
      'cold.wall': wallSeconds,
      'cold.programs': programs.length,
      'cold.loads': node.birdCommands.filter(isLoad).length,
      'cold.peak': await node.peak(),
    } as const;
    return { recipe, own, programs };
  } finally {
    await node.close();
  }
}
