import { join } from 'node:path';
import type { NodeStatus, ResyncResult } from '../../shell/status.js';
import { askDaemon, DaemonUnreachableError } from './client.js';

/** The control socket's place in `runtimeDir`. */
export function controlSocketPath(runtimeDir: string): string {
  return join(runtimeDir, 'agent.sock');
}

/** The daemon's status, or undefined where no daemon is running. Throws where one is but cannot be asked. */
export async function askStatus(runtimeDir: string): Promise<NodeStatus | undefined> {
  return ask<NodeStatus>(runtimeDir, '/status', 'GET');
}

/** Lets the daemon reconcile now and waits; undefined where no daemon is running. */
export async function askResync(runtimeDir: string): Promise<ResyncResult | undefined> {
  return ask<ResyncResult>(runtimeDir, '/resync', 'POST');
}

async function ask<Answer>(
  runtimeDir: string,
  path: '/status' | '/resync',
  method: 'GET' | 'POST',
): Promise<Answer | undefined> {
  try {
    return (await askDaemon(controlSocketPath(runtimeDir), path, method)) as Answer;
  } catch (error) {
    if (error instanceof DaemonUnreachableError && error.reason === 'absent') return undefined;
    throw error;
  }
}
