import { join } from 'node:path';
import { listenControlSocket } from '../adapters/local-http/control-socket.js';
import { listenLocal } from '../adapters/local-http/listen-local.js';
import type { AgentConfig } from '../config/agent-config.js';
import type { Service } from '../shell/daemon.js';
import { healthOf } from '../telemetry/health.js';
import type { Log } from '../telemetry/log.js';
import { type Metrics, updateMetrics } from '../telemetry/metrics.js';

/** The control socket of the daemon whose runtime directory this is. */
export function controlSocketPath(runtimeDir: string): string {
  return join(runtimeDir, 'agent.sock');
}

/**
 * Opens the control socket, which also keeps a second daemon from starting, and the local HTTP server. That the latter
 * cannot be had is no reason not to run.
 */
export async function serve(
  config: AgentConfig,
  service: Service,
  metrics: Metrics,
  log: Log,
): Promise<() => Promise<void>> {
  const control = await listenControlSocket(controlSocketPath(config.runtimeDir), service);
  const local = await listenLocal(config.server.listen, {
    health: () => healthOf(service.status()),
    metrics: async () => {
      updateMetrics(metrics, service.status());
      return metrics.registry.metrics();
    },
  }).catch((error: unknown) => {
    log.error(`local HTTP: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  });
  return async () => {
    await local?.close();
    await control.close();
  };
}
