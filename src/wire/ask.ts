import { askDaemon, DaemonUnreachableError } from '../adapters/local-http/client.js';
import type { NodeStatus, ResyncResult } from '../shell/status.js';
import { controlSocketPath } from './serve.js';

/** The running daemon's status; undefined where none is running. */
export async function askStatus(runtimeDir: string): Promise<NodeStatus | undefined> {
  return ask<NodeStatus>(runtimeDir, '/status', 'GET');
}

/** Makes the running daemon fetch and reconcile now; undefined where none is running. */
export async function askResync(runtimeDir: string): Promise<ResyncResult | undefined> {
  return ask<ResyncResult>(runtimeDir, '/resync', 'POST');
}

async function ask<T>(
  runtimeDir: string,
  path: '/status' | '/resync',
  method: 'GET' | 'POST',
): Promise<T | undefined> {
  try {
    return (await askDaemon(controlSocketPath(runtimeDir), path, method)) as T;
  } catch (error) {
    if (error instanceof DaemonUnreachableError && error.reason === 'absent') return undefined;
    throw error;
  }
}
