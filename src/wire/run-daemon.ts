import type { AgentConfig } from '../config/agent-config.js';
import type { LoadedConfig } from '../config/load.js';
import { wordsOf } from '../core/model/words-of.js';
import { activatedSocket } from '../http/activated-socket.js';
import { systemClock } from '../platform/clock.js';
import { inTime } from '../platform/in-time.js';
import { version } from '../platform/self.js';
import {
  notifyProgress,
  notifyReady,
  notifyReloading,
  notifyStatus,
  notifyStopping,
} from '../platform/service-manager.js';
import { takeActivatedSockets } from '../platform/socket-activation.js';
import { runDaemon as runAgentDaemon } from '../shell/daemon.js';
import type { Log as AgentLog } from '../shell/ports/log.js';
import { startingStatus } from '../shell/status/node-status.js';
import { type Log, openLog } from '../telemetry/log.js';
import { createMetrics } from '../telemetry/metrics/metrics.js';
import { statusLine } from '../telemetry/status-line.js';
import { configNotes, type Node, openNode } from './open-node.js';
import { type ProcessParts, serve } from './serve.js';
import type { PassOptions } from './with-node.js';

export interface DaemonOptions extends PassOptions {
  /** The warnings of the configuration, for the log. */
  readonly warnings: readonly string[];
  /** Reads the configuration again (SIGHUP). Throws `ConfigError`; the running configuration then stays. */
  reload(): Promise<LoadedConfig>;
}

// How long a pass may continue after SIGTERM; below the unit's TimeoutStopSec.
const graceMs = 30_000;

// How long work that is cut off may undo what it began; with the grace period still below TimeoutStopSec.
const takeBackMs = 12_000;

// A disk that does not answer must not hold up the start.
const readWithinMs = 5_000;

// How long a stopped daemon may wait for the end of work that it has given up.
const leaveMs = 1_000;

/** Runs the daemon until SIGTERM or SIGINT; SIGHUP starts it over with the configuration read anew. */
export async function runDaemon(config: AgentConfig, options: DaemonOptions): Promise<number> {
  const log = openLog(options.logLevel);
  const activated = takeActivatedSockets(process.env).map((fd) => activatedSocket(fd));
  const parts: ProcessParts = { log, activated, metrics: createMetrics() };
  for (const warning of options.warnings) log.warn(warning);
  let current = config;
  try {
    for (let isFirst = true; (await runUntilSignal(current, parts, isFirst)) === 'SIGHUP'; isFirst = false) {
      current = await reloaded(current, options, log);
    }
    log.info('stopped; tunnels and sessions stay as they are');
    return 0;
  } finally {
    await Promise.all(activated.map((socket) => socket.end()));
    // Work on a hung disk keeps the process alive; process.exit waits for it as well.
    setTimeout(endNow, leaveMs).unref();
  }
}

async function reloaded(current: AgentConfig, { reload }: DaemonOptions, log: Log): Promise<AgentConfig> {
  try {
    const { config, warnings } = await reload();
    for (const warning of warnings) log.warn(warning);
    log.info('the agent has read its configuration again');
    return config;
  } catch (error) {
    log.error(`the agent keeps its configuration, because it cannot use the new one: ${wordsOf(error)}`);
    return current;
  }
}

async function runUntilSignal(
  config: AgentConfig,
  parts: ProcessParts,
  isFirst: boolean,
): Promise<NodeJS.Signals> {
  const { log, metrics } = parts;
  const stop = new AbortController();
  const cutOff = new AbortController();
  // The open pages of the node; there are none before the sockets are open.
  const onChange = { tell: (): void => undefined };
  const node = openNode(config, log, cutOff.signal, {
    onCall: metrics.work.callEnded,
    onDrift: metrics.work.drifted,
    onEvent: metrics.work.happened,
    onCommand: metrics.work.commandEnded,
    onProgress: notifyProgress,
    onPass: (status, work) => {
      metrics.work.passEnded(work);
      onChange.tell();
      if (!stop.signal.aborted) void notifyStatus(statusLine(status));
    },
    onLook: () => onChange.tell(),
  });
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
  const signalled = untilSignal(node.log, stop, cutOff);
  let hasStarted = false;
  try {
    await runAgentDaemon(
      {
        ...node,
        clock: systemClock,
        logOnChange: (subject, problem, about) => {
          if (subject === 'bootstrap') bootstrapProblem = problem;
          node.logOnChange(subject, problem, about);
          if (bootstrapProblem !== undefined) void notifyStatus(`starting: ${bootstrapProblem}`);
        },
        intervals: config.intervals,
        random: Math.random,
        startingStatus: () => startingStatus(facts(), bootstrapProblem),
        serve: (service) => serve(config, service, { ...parts, onChange }),
        ready: async () => {
          // Now no other agent works on the node, nor on its events.
          hasStarted = true;
          if (isFirst) await tellStart(node);
          await notifyReady();
        },
        onProgress: notifyProgress,
      },
      stop.signal,
    );
    return signalled.wanted();
  } finally {
    signalled.forget();
    await node.close(hasStarted);
  }
}

async function tellStart({ log, events }: Node): Promise<void> {
  const past = await inTime(
    readWithinMs,
    events.read().catch(() => []),
  );
  const last = past?.value.findLast(({ kind }) => kind === 'start' || kind === 'stop');
  const ended =
    last?.kind === 'start'
      ? '. The agent before did not end by itself: it was killed, or the machine went down'
      : '';
  log.info(`moenet-agent ${version} starts (process ${process.pid})${ended}`, { kind: 'start' });
  void events.store();
}

/**
 * The first signal stops gracefully; a second one, or the end of the grace period, cuts off running work; a third one, or
 * the end of the time after that, ends the process. SIGTERM and SIGINT win over an earlier SIGHUP. The listeners stay until
 * `forget`: signal-exit (`src/platform/child.ts`) ends the process at a signal without other listeners.
 */
function untilSignal(log: AgentLog, stop: AbortController, cutOff: AbortController) {
  const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  let wanted: NodeJS.Signals = 'SIGHUP';
  // A hung reload does not end the daemon: the watchdog does that, with a new start.
  const endUnlessReload = () => (wanted === 'SIGHUP' ? undefined : giveUp(log));
  const cut = () => {
    if (cutOff.signal.aborted) return;
    cutOff.abort();
    setTimeout(endUnlessReload, takeBackMs).unref();
  };
  const listener = (name: NodeJS.Signals) => {
    const isFirst = !stop.signal.aborted;
    if (name === 'SIGHUP' && !isFirst) return;
    // A unit that has announced its stop cannot be ready again.
    if (isFirst || wanted === 'SIGHUP') {
      if (name === 'SIGHUP') log.info('SIGHUP: starting over');
      else log.info(`${name}: stopping`, { kind: 'stop' });
      void (name === 'SIGHUP' ? notifyReloading() : notifyStopping());
      if (name !== 'SIGHUP') void notifyStatus('stopped; tunnels and sessions stay as they are');
      wanted = name;
      stop.abort();
      setTimeout(cut, graceMs).unref();
    } else if (cutOff.signal.aborted) giveUp(log);
    else cut();
  };
  for (const name of names) process.on(name, listener);
  const forget = () => {
    for (const name of names) process.off(name, listener);
  };
  return { wanted: () => wanted, forget };
}

/** The next agent finishes or undoes the work. */
function giveUp(log: AgentLog): void {
  log.error(
    'the agent has cut off what was under way, but it does not end: the agent exits now. The next start finishes or undoes it',
  );
  // The log writes asynchronously.
  setTimeout(endNow, 100);
}

/** Nothing else ends a process with a thread that waits for a disk: process.exit joins its threads. */
function endNow(): void {
  process.kill(process.pid, 'SIGKILL');
}
