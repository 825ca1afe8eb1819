import type { RestartAnswer } from '../adapters/bird/restart/ask-to-restart.js';
import type { AgentConfig } from '../config/agent-config.js';
import { wordsOf } from '../core/model/words-of.js';
import { withNode } from './with-node.js';

/** Restarts BIRD with the rights of this process, for an agent that has not got them. Never throws. */
export async function restartBirdHere(
  load: () => Promise<{ readonly config: AgentConfig }>,
): Promise<RestartAnswer> {
  try {
    const { config } = await load();
    return await withNode(config, { logLevel: 'silent' }, async (node, signal) => {
      const known = await node.controlPlane.recall();
      return node.openHost(known.config).bird.restartDaemon(signal);
    });
  } catch (error) {
    return { kind: 'failed', reason: wordsOf(error) };
  }
}
