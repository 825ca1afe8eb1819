import { selfCommand } from '../../platform/self.js';
import { type NodeHost, nodePaths } from './node-host.js';

export interface AgentStatus {
  readonly healthy: boolean;
  /** What the agent itself finds wrong with its node, one sentence each. */
  readonly problems: readonly string[];
  /** What it says of its configuration. */
  readonly notes: readonly string[];
}

/** What `moenet-agent status` says on a node. */
export async function agentStatus({ host }: NodeHost): Promise<AgentStatus> {
  const [program = '', ...args] = selfCommand;
  const { stdout } = await host.run(program, [...args, 'status', '--json', '-c', nodePaths.config], {
    okExitCodes: [0, 3],
  });
  const { health, problems, notes } = JSON.parse(stdout);
  return { healthy: health === 'ok', problems, notes };
}
