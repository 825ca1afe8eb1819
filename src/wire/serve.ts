import { openResolver } from '../adapters/dns/resolver.js';
import { openTools } from '../adapters/tools/open-tools.js';
import type { AgentConfig } from '../config/agent-config.js';
import { wordsOf } from '../core/model/words-of.js';
import { controlSocketPath } from '../http/client.js';
import { listenControlSocket } from '../http/control-socket.js';
import { listenLocal } from '../http/listen-local.js';
import { systemClock } from '../platform/clock.js';
import { run } from '../platform/exec.js';
import { watchedRun } from '../platform/watched-run.js';
import type { Service } from '../shell/daemon.js';
import type { NodeStatus } from '../shell/status/status.js';
import { healthOf } from '../telemetry/health.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';

/**
 * Opens the control socket, which also keeps a second daemon out, and the local HTTP server. The agent runs without the
 * latter if it must; the status then names the fault.
 */
export async function serve(
  config: AgentConfig,
  service: Service,
  metrics: Metrics,
  log: Log,
): Promise<() => Promise<void>> {
  let problem: string | undefined;
  const status = () => withProblem(service.status(), problem);
  const control = await listenControlSocket(controlSocketPath(config.runtimeDir), { ...service, status });
  const onError = (error: unknown) => {
    problem = `local HTTP: ${wordsOf(error)}`;
    log.error(problem);
    return undefined;
  };
  const { host, port } = config.server.listen;
  const local = await listenLocal({ host, port }, config.bootstrap.token, {
    status,
    health: () => healthOf(status()),
    metrics: () => metrics.text(status()),
    resync: async () => service.resync({ force: false }),
    setMaintenance: async (on) => service.setMaintenance({ on, withTraffic: false }),
    operations: () => service.operations(),
    tools: openTools({
      run: watchedRun(run, metrics.work.commandEnded),
      resolver: openResolver({ clock: systemClock }),
    }),
    onError: (error) => log.error(`resync: ${wordsOf(error)}`),
  }).catch(onError);
  return async () => {
    await local?.close();
    await control.close();
  };
}

function withProblem(status: NodeStatus, problem: string | undefined): NodeStatus {
  return problem === undefined
    ? status
    : { ...status, health: 'degraded', problems: [...status.problems, problem] };
}
