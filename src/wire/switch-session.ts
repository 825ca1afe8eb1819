import type { AgentConfig } from '../config/agent-config.js';
import { systemClock } from '../platform/clock.js';
import type { SwitchRequest, SwitchResult } from '../shell/operations/switch-session.js';
import { bootstrap } from '../shell/talk/bootstrap.js';
import type { PassOptions } from './commands.js';
import { aloneWithNode } from './with-node.js';

/** Disables or enables one session without a daemon: where its traffic is led away first, this waits for the end of that. */
export function switchSession(
  config: AgentConfig,
  request: SwitchRequest,
  options: PassOptions,
): Promise<SwitchResult> {
  return aloneWithNode(config, options, async (node, signal) => {
    const agent = await node.openAgent(await bootstrap(node.controlPlane, signal));
    await agent.refresh(['birdConfig', 'mesh', 'sessions'], signal);
    await agent.pass();
    const begun = await agent.switchSession(request);
    if (begun.drainedAtSeconds === undefined) return begun;
    await systemClock.sleep(begun.drainedAtSeconds * 1000 - systemClock.now(), signal);
    return agent.switchSession(request);
  });
}
