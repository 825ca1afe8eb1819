import { openResolver } from '../adapters/dns/resolver.js';
import { openTools } from '../adapters/tools/open-tools.js';
import type { AgentConfig } from '../config/agent-config.js';
import { wordsOf } from '../core/model/words-of.js';
import type { ActivatedSocket } from '../http/activated-socket.js';
import { controlSocketPath } from '../http/client.js';
import { listenControlSocket } from '../http/control-socket.js';
import { started } from '../http/listen-local.js';
import { openLookUps } from '../http/look-ups.js';
import { openLiveStatus } from '../http/page-live.js';
import { systemClock } from '../platform/clock.js';
import { run } from '../platform/exec.js';
import { watchedRun } from '../platform/watched-run.js';
import type { Service } from '../shell/daemon.js';
import type { NodeStatus } from '../shell/status/status.js';
import { healthOf } from '../telemetry/health.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';
import { pageFiles } from './page-files.js';
import { serveHttp } from './serve-http.js';

/** What lives as long as the process, also while the agent reads its configuration again. */
export interface ProcessParts {
  readonly metrics: Metrics;
  /** The sockets that systemd opened for the HTTP API. */
  readonly activated: readonly ActivatedSocket[];
  readonly log: Log;
}

interface ServeParts extends ProcessParts {
  /** `tell` is set to what hears that the status may have changed. */
  readonly onChange?: { tell(): void };
}

/**
 * Opens the control socket, which also keeps a second daemon out, and the node's HTTP API. The agent runs without the
 * latter if it must; the status then names the fault.
 */
export async function serve(
  config: AgentConfig,
  service: Service,
  { metrics, activated, log, onChange = { tell: () => undefined } }: ServeParts,
): Promise<() => Promise<void>> {
  let problems: readonly string[] = [];
  const status = () => withProblems(service.status(), problems);
  const tools = openTools({
    run: watchedRun(run, metrics.work.commandEnded),
    resolver: openResolver({ clock: systemClock }),
  });
  const live = openLiveStatus({ status, nowSeconds: () => Math.floor(systemClock.now() / 1000) });
  onChange.tell = live.changed;
  const handlers = { ...service, status };
  const lookUps = openLookUps(tools, () => started(service.operations()));
  const page = { files: pageFiles, live, handlers, lookUps };
  const control = await listenControlSocket(controlSocketPath(config.runtimeDir), handlers, undefined, page);
  const sources = {
    status,
    health: () => healthOf(status()),
    metrics: () => metrics.text(status()),
    history: service.history,
    resync: async () => service.resync({ force: false }),
    setMaintenance: async (on: boolean) => service.setMaintenance({ on, withTraffic: false }),
    operations: () => service.operations(),
    tools,
    page,
    onError: (error: unknown) => log.error(`resync: ${wordsOf(error)}`),
  };
  const http = await serveHttp(config, sources, activated);
  problems = http.problems;
  for (const problem of problems) log.error(problem);
  return async () => {
    live.close();
    await http.close();
    await control.close();
  };
}

function withProblems(status: NodeStatus, problems: readonly string[]): NodeStatus {
  return problems.length === 0
    ? status
    : { ...status, health: 'degraded', problems: [...status.problems, ...problems] };
}
