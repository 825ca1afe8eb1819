import type { AgentConfig } from '../config/agent-config.js';
import { systemClock } from '../platform/clock.js';
import { notifyReady, notifyReloading, notifyStopping } from '../platform/sd-notify.js';
import { version } from '../platform/version.js';
import { runDaemon as runAgentDaemon } from '../shell/daemon.js';
import { startingStatus } from '../shell/node-status.js';
import type { Log } from '../telemetry/log.js';
import { countDrift, countFailedRequest, createMetrics, type Metrics } from '../telemetry/metrics.js';
import type { DaemonOptions } from './commands.js';
import { openLog } from './log.js';
import { configNotes, openNode } from './open-node.js';
import { serve } from './serve.js';

// How long a pass that is under way at SIGTERM may go on; below the unit's TimeoutStopSec.
const graceMs = 30_000;

/** Runs the daemon until SIGTERM or SIGINT; SIGHUP starts it over with the configuration read anew. */
export async function runDaemon(config: AgentConfig, options: DaemonOptions): Promise<number> {
  const log = openLog(options.logLevel);
  const metrics = createMetrics(version);
  for (const warning of options.warnings) log.warn(warning);
  let current = config;
  while ((await runUntilSignal(current, log, metrics)) === 'SIGHUP') {
    current = await reloaded(current, options, log);
  }
  log.info('stopped; tunnels and sessions stay as they are');
  return 0;
}

async function reloaded(current: AgentConfig, { reload }: DaemonOptions, log: Log): Promise<AgentConfig> {
  try {
    const { config, warnings } = await reload();
    for (const warning of warnings) log.warn(warning);
    log.info('the configuration was read again');
    return config;
  } catch (error) {
    log.error(`the configuration stays as it was: ${error instanceof Error ? error.message : String(error)}`);
    return current;
  }
}

async function runUntilSignal(config: AgentConfig, log: Log, metrics: Metrics): Promise<NodeJS.Signals> {
  const stop = new AbortController();
  const cutOff = new AbortController();
  const node = openNode(
    config,
    log,
    cutOff.signal,
    (call) => countFailedRequest(metrics, call),
    (call, drifts) => countDrift(metrics, call, drifts),
  );
  const facts = () => ({
    version,
    pid: process.pid,
    node: config.bootstrap.nodeName,
    apiUrl: config.bootstrap.apiUrl,
    uptimeSeconds: Math.floor(process.uptime()),
    nowSeconds: Math.floor(Date.now() / 1000),
    configNotes: configNotes(config),
  });
  let bootstrapProblem: string | undefined;
  const signalled = untilSignal(log, stop, cutOff);
  try {
    await runAgentDaemon(
      {
        ...node,
        clock: systemClock,
        log,
        logOnChange: (subject, problem) => {
          if (subject === 'bootstrap') bootstrapProblem = problem;
          node.logOnChange(subject, problem);
        },
        intervals: config.intervals,
        random: Math.random,
        startingStatus: () => startingStatus(facts(), bootstrapProblem),
        serve: (service) => serve(config, service, metrics, log),
        ready: notifyReady,
      },
      stop.signal,
    );
    return await signalled.signal;
  } finally {
    signalled.forget();
    await node.controlPlane.close();
  }
}

/**
 * The first signal stops gracefully; a second one, or the end of the grace period, cuts off what is under way. The
 * listeners stay until `forget`: execa ends the process at a signal that nobody else listens to any more.
 */
function untilSignal(log: Log, stop: AbortController, cutOff: AbortController) {
  const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  let listener: (name: NodeJS.Signals) => void = () => undefined;
  const signal = new Promise<NodeJS.Signals>((resolve) => {
    listener = (name) => {
      if (stop.signal.aborted) return name === 'SIGHUP' ? undefined : cutOff.abort();
      log.info(`${name}: ${name === 'SIGHUP' ? 'starting over' : 'stopping'}`);
      // A unit that has said that it stops cannot be ready again.
      void (name === 'SIGHUP' ? notifyReloading() : notifyStopping());
      stop.abort();
      setTimeout(() => cutOff.abort(), graceMs).unref();
      resolve(name);
    };
  });
  for (const name of names) process.on(name, listener);
  const forget = () => {
    for (const name of names) process.off(name, listener);
  };
  return { signal, forget };
}
