import type { AgentConfig } from '../config/agent-config.js';
import type { ResyncResult } from '../shell/status/status.js';
import { bootstrap } from '../shell/talk/bootstrap.js';
import type { PassOptions } from './commands.js';
import { aloneWithNode } from './with-node.js';

/** The one-shot bootstrap run: fetch everything, apply it, report it. What did not succeed is in `errors`. */
export function runOnce(
  config: AgentConfig,
  { force = false, ...options }: PassOptions & { readonly force?: boolean },
): Promise<ResyncResult> {
  return aloneWithNode(config, options, async (node, signal) => {
    const agent = await node.openAgent(await bootstrap(node.controlPlane, signal));
    return agent.sync(signal, { force });
  });
}
