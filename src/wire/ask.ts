import { askDaemon, type DaemonRequest, DaemonUnreachableError } from '../http/client.js';
import type { Adoption } from '../shell/operations/adopt.js';
import type { MaintenanceResult, MaintenanceStatus } from '../shell/operations/maintenance.js';
import type { SwitchRequest, SwitchResult } from '../shell/operations/switch-session.js';
import type { NodeStatus, ResyncResult } from '../shell/status/status.js';
import { controlSocketPath } from './serve.js';

/** The running daemon's status; undefined where none is running. */
export async function askStatus(runtimeDir: string): Promise<NodeStatus | undefined> {
  return ask<NodeStatus>(runtimeDir, { path: '/status', method: 'GET' });
}

/** Makes the running daemon fetch and reconcile now; undefined where none is running. */
export async function askResync(runtimeDir: string, force: boolean): Promise<ResyncResult | undefined> {
  return ask<ResyncResult>(runtimeDir, { path: '/resync', method: 'POST', body: { force } });
}

/** The running daemon's maintenance and its traffic, which takes some seconds; undefined where none is running. */
export async function askMaintenance(runtimeDir: string): Promise<MaintenanceStatus | undefined> {
  return ask<MaintenanceStatus>(runtimeDir, { path: '/maintenance', method: 'GET' });
}

/** Makes the running daemon lead traffic away or back; undefined where none is running. */
export async function askSetMaintenance(
  runtimeDir: string,
  on: boolean,
): Promise<MaintenanceResult | undefined> {
  return ask<MaintenanceResult>(runtimeDir, { path: '/maintenance', method: 'POST', body: { on } });
}

/** Makes the running daemon disable or enable one session; undefined where none is running. */
export async function askSwitchSession(
  runtimeDir: string,
  request: SwitchRequest,
): Promise<SwitchResult | undefined> {
  return ask<SwitchResult>(runtimeDir, { path: '/session', method: 'POST', body: request });
}

/** What the running daemon has in doubt; undefined where none is running. */
export async function askAdoption(runtimeDir: string): Promise<Adoption | undefined> {
  return ask<Adoption>(runtimeDir, { path: '/adopt', method: 'GET' });
}

/** Makes the running daemon take it over; undefined where none is running. */
export async function askAdopt(runtimeDir: string): Promise<ResyncResult | undefined> {
  return ask<ResyncResult>(runtimeDir, { path: '/adopt', method: 'POST' });
}

async function ask<T>(runtimeDir: string, request: DaemonRequest): Promise<T | undefined> {
  try {
    return (await askDaemon(controlSocketPath(runtimeDir), request)) as T;
  } catch (error) {
    if (error instanceof DaemonUnreachableError && error.reason === 'absent') return undefined;
    throw error;
  }
}
