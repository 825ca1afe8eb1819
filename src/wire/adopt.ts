import type { AgentConfig } from '../config/agent-config.js';
import type { Adoption } from '../shell/operations/adopt.js';
import type { ResyncResult } from '../shell/status/status.js';
import { bootstrap } from '../shell/talk/bootstrap.js';
import type { PassOptions } from './commands.js';
import { aloneWithNode, withNode } from './with-node.js';

/** What is in doubt, by the control plane's lists as they are now. Throws where these cannot be had. */
export function readAdoption(config: AgentConfig, options: PassOptions): Promise<Adoption> {
  return withNode(config, options, async (node, signal) => {
    const agent = await node.openAgent(await bootstrap(node.controlPlane, signal));
    const errors = await agent.refresh(['birdConfig', 'mesh', 'sessions'], signal);
    if (errors.length > 0) throw new Error(errors.join('; '));
    return agent.adoption();
  });
}

/** Takes it over, in one pass. */
export function adopt(config: AgentConfig, options: PassOptions): Promise<ResyncResult> {
  return aloneWithNode(config, options, async (node, signal) => {
    const agent = await node.openAgent(await bootstrap(node.controlPlane, signal));
    return agent.adopt(signal);
  });
}
