import type { AgentConfig } from '../config/agent-config.js';
import { openLog } from '../telemetry/log.js';
import type { LogLevel } from '../telemetry/log-levels.js';
import { type Node, openNode } from './open-node.js';

export interface PassOptions {
  readonly logLevel: LogLevel;
}

/** A node's parts for as long as `task` takes. */
export async function withNode<T>(
  config: AgentConfig,
  { logLevel }: PassOptions,
  task: (node: Node, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal } = new AbortController();
  const node = openNode(config, openLog(quieter(logLevel)), signal);
  try {
    return await task(node, signal);
  } finally {
    await node.close();
  }
}

/** For a command that prints its own results: logs only faults, unless the operator asks for more. */
function quieter(level: LogLevel): LogLevel {
  return level === 'info' ? 'warn' : level;
}
