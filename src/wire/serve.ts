import { openResolver } from '../adapters/dns/resolver.js';
import { openTools } from '../adapters/tools/open-tools.js';
import type { AgentConfig } from '../config/agent-config.js';
import { wordsOf } from '../core/model/words-of.js';
import type { ActivatedSocket } from '../http/activated-socket.js';
import { controlSocketPath } from '../http/client.js';
import { listenControlSocket } from '../http/control-socket.js';
import { systemClock } from '../platform/clock.js';
import { run } from '../platform/exec.js';
import { watchedRun } from '../platform/watched-run.js';
import type { Service } from '../shell/daemon.js';
import type { RequestOf } from '../shell/daemon-api.js';
import type { NodeStatus } from '../shell/status/status.js';
import { healthOf } from '../telemetry/health.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';
import { serveHttp } from './serve-http.js';

/** What lives as long as the process, also while the agent reads its configuration again. */
export interface ProcessParts {
  readonly metrics: Metrics;
  /** The sockets that systemd opened for the HTTP API. */
  readonly activated: readonly ActivatedSocket[];
  readonly log: Log;
}

/**
 * Opens the control socket, which also keeps a second daemon out, and the node's HTTP API. The agent runs without the
 * latter if it must; the status then names the fault.
 */
export async function serve(
  config: AgentConfig,
  service: Service,
  { metrics, activated, log }: ProcessParts,
): Promise<() => Promise<void>> {
  let problems: readonly string[] = [];
  const status = () => withProblems(service.status(), problems);
  const control = await listenControlSocket(controlSocketPath(config.runtimeDir), { ...service, status });
  const sources = {
    status,
    health: () => healthOf(status()),
    metrics: () => metrics.text(status()),
    history: (request: RequestOf<'history'>) => service.history(request),
    resync: async () => service.resync({ force: false }),
    setMaintenance: async (on: boolean) => service.setMaintenance({ on, withTraffic: false }),
    operations: () => service.operations(),
    tools: openTools({
      run: watchedRun(run, metrics.work.commandEnded),
      resolver: openResolver({ clock: systemClock }),
    }),
    onError: (error: unknown) => log.error(`resync: ${wordsOf(error)}`),
  };
  const http = await serveHttp(config, sources, activated);
  problems = http.problems;
  for (const problem of problems) log.error(problem);
  return async () => {
    await http.close();
    await control.close();
  };
}

function withProblems(status: NodeStatus, problems: readonly string[]): NodeStatus {
  return problems.length === 0
    ? status
    : { ...status, health: 'degraded', problems: [...status.problems, ...problems] };
}
