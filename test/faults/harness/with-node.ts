import { test } from 'vitest';
import { type FaultyNode, type NodeOptions, openFaultyNode } from './faulty-node.js';
import { untilHealthy } from './trial.js';

/** A test with a node of its own, which is as wanted when the test begins; so it may run beside others. */
export const it = test.extend<{ readonly node: FaultyNode }>({
  node: async ({ task: _ }, use) => {
    const node = await openHealthyNode('jp1');
    await use(node);
    await node.close();
  },
});

/** Opens a node, and waits until it has all that the fixtures want. */
export async function openHealthyNode(
  name: string,
  seconds?: number,
  options?: NodeOptions,
): Promise<FaultyNode> {
  const node = await openFaultyNode(name, seconds, options);
  try {
    await untilHealthy(node);
    return node;
  } catch (error) {
    await node.close();
    throw error;
  }
}
