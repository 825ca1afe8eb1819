import type { AgentConfig } from '../config/agent-config.js';
import { claimNode } from '../http/control-socket.js';
import type { PassOptions } from './commands.js';
import { openLog, quieter } from './log.js';
import { type Node, openNode } from './open-node.js';
import { controlSocketPath } from './serve.js';

type Task<T> = (node: Node, signal: AbortSignal) => Promise<T>;

/** A node's parts for as long as `task` takes. */
export async function withNode<T>(config: AgentConfig, { logLevel }: PassOptions, task: Task<T>): Promise<T> {
  const { signal } = new AbortController();
  const node = openNode(config, openLog(quieter(logLevel)), signal);
  try {
    return await task(node, signal);
  } finally {
    await node.controlPlane.close();
  }
}

/** As `withNode`, for what changes something: throws where another agent works on the node, and keeps others out. */
export async function aloneWithNode<T>(config: AgentConfig, options: PassOptions, task: Task<T>): Promise<T> {
  const claim = await claimNode(controlSocketPath(config.runtimeDir));
  try {
    return await withNode(config, options, task);
  } finally {
    await claim.release();
  }
}
