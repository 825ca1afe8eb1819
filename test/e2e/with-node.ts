import { test } from 'vitest';
import { type AgentNode, openAgentNode } from './agent-node.js';

/** A test with a node of its own, so that it may run beside others. */
export const it = test.extend<{ readonly node: AgentNode }>({
  node: async ({ task: _ }, use) => {
    const node = await openAgentNode('jp1');
    await use(node);
    await node.close();
  },
});
