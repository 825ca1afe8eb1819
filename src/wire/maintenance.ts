import type { AgentConfig } from '../config/agent-config.js';
import { systemClock } from '../platform/clock.js';
import {
  type MaintenanceResult,
  type MaintenanceStatus,
  maintenanceStatus,
  storeMaintenance,
} from '../shell/operations/maintenance.js';
import { bootstrap } from '../shell/talk/bootstrap.js';
import type { PassOptions } from './commands.js';
import { aloneWithNode, withNode } from './with-node.js';

/** Whether maintenance is on as the state directory has it, and the traffic there is. Asks nobody. */
export function readMaintenance(config: AgentConfig, options: PassOptions): Promise<MaintenanceStatus> {
  return withNode(config, options, async (node, signal) => {
    const known = await node.controlPlane.recall();
    const context = { host: node.openHost(known.config), memory: await node.openMemory() };
    return maintenanceStatus(context, known.sessions, signal);
  });
}

/** Stores that maintenance is on or off, which holds also where no pass can be made, and makes one pass. */
export function setMaintenance(
  config: AgentConfig,
  on: boolean,
  options: PassOptions,
): Promise<MaintenanceResult> {
  return aloneWithNode(config, options, async (node, signal) => {
    const memory = await node.openMemory();
    await storeMaintenance(on, memory, systemClock);
    if (memory.problem !== undefined) throw new Error(memory.problem);
    const agent = await node.openAgent(await bootstrap(node.controlPlane, signal));
    await agent.refresh(['birdConfig', 'mesh', 'sessions'], signal);
    return agent.setMaintenance(on, signal);
  });
}
