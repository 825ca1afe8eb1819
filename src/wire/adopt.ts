import type { AgentConfig } from '../config/agent-config.js';
import type { Adoption } from '../shell/adopt.js';
import type { Agent } from '../shell/agent.js';
import { bootstrap } from '../shell/bootstrap.js';
import type { ResyncResult } from '../shell/status.js';
import type { PassOptions } from './commands.js';
import { openLog, quieter } from './log.js';
import { openNode } from './open-node.js';

/** What is in doubt, by the control plane's lists as they are now. Throws where these cannot be had. */
export function readAdoption(config: AgentConfig, options: PassOptions): Promise<Adoption> {
  return withAgent(config, options, async (agent, signal) => {
    const errors = await agent.refresh(['birdConfig', 'mesh', 'sessions'], signal);
    if (errors.length > 0) throw new Error(errors.join('; '));
    return agent.adoption();
  });
}

/** Takes it over, in one pass. */
export function adopt(config: AgentConfig, options: PassOptions): Promise<ResyncResult> {
  return withAgent(config, options, (agent, signal) => agent.adopt(signal));
}

async function withAgent<T>(
  config: AgentConfig,
  { logLevel }: PassOptions,
  task: (agent: Agent, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal } = new AbortController();
  const node = openNode(config, openLog(quieter(logLevel)), signal);
  try {
    return await task(await node.openAgent(await bootstrap(node.controlPlane, signal)), signal);
  } finally {
    await node.controlPlane.close();
  }
}
