import type { AgentConfig } from '../config/agent-config.js';
import { bootstrap } from '../shell/bootstrap.js';
import type { ResyncResult } from '../shell/status.js';
import type { PassOptions } from './commands.js';
import { openLog, quieter } from './log.js';
import { openNode } from './open-node.js';

/** The one-shot bootstrap run: fetch everything, apply it, report it. What did not succeed is in `errors`. */
export async function runOnce(
  config: AgentConfig,
  { logLevel, force = false }: PassOptions & { readonly force?: boolean },
): Promise<ResyncResult> {
  const { signal } = new AbortController();
  const node = openNode(config, openLog(quieter(logLevel)), signal);
  try {
    const agent = await node.openAgent(await bootstrap(node.controlPlane, signal));
    return await agent.sync(signal, { force });
  } finally {
    await node.controlPlane.close();
  }
}
