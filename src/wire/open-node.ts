import { loadavg, release } from 'node:os';
import { join } from 'node:path';
import { openBird } from '../adapters/bird/open-bird.js';
import { openBirdRemains } from '../adapters/bird/remains.js';
import { openSocketFinder } from '../adapters/bird/socket/find-socket.js';
import type { OnCall } from '../adapters/control-plane/accounted-exchange.js';
import { openArchive } from '../adapters/control-plane/archive.js';
import type { OnDrift } from '../adapters/control-plane/drift.js';
import { openControlPlane } from '../adapters/control-plane/open-control-plane.js';
import { readSessionsFile } from '../adapters/control-plane/sessions-file.js';
import { openResolver } from '../adapters/dns/resolver.js';
import { openPinger } from '../adapters/fping/pinger.js';
import { openLinkListeners } from '../adapters/iproute2/link-listeners.js';
import { openLinks } from '../adapters/iproute2/links.js';
import { openRoutingRules } from '../adapters/iproute2/rules.js';
import { openKernelRoutes } from '../adapters/kernel-routes/kernel-routes.js';
import { openPortSets } from '../adapters/nftables/port-sets.js';
import { openSysctls } from '../adapters/proc/sysctls.js';
import { openUdpPorts } from '../adapters/proc/udp-ports.js';
import { openEventFiles } from '../adapters/state/event-files.js';
import { openHistoryFiles } from '../adapters/state/history/history-files.js';
import { openStateStore } from '../adapters/state/store.js';
import { openUplink } from '../adapters/uplink/uplink.js';
import { openKeyStore } from '../adapters/wireguard/key-store.js';
import { openWireGuard } from '../adapters/wireguard/wireguard.js';
import type { AgentConfig, NodeConfig } from '../config/agent-config.js';
import { mergeBootstrap } from '../config/merge.js';
import { plainHttpWarning } from '../config/warnings.js';
import type { BootstrapConfig } from '../core/model/control-plane.js';
import type { NodeEvent } from '../core/model/events/event.js';
import type { SessionEntry } from '../core/model/session.js';
import { historyOf } from '../core/verdict/up-history.js';
import { systemClock } from '../platform/clock.js';
import { readDefaultRoutes } from '../platform/default-routes.js';
import { type Run, run as runProgram } from '../platform/exec.js';
import { inTime } from '../platform/in-time.js';
import { readNetworkTotals } from '../platform/network-totals.js';
import { openOwnProgram } from '../platform/own-program.js';
import { version } from '../platform/self.js';
import { type CommandEnd, watchedRun } from '../platform/watched-run.js';
import { type Agent, createAgent } from '../shell/agent.js';
import { type Chronicle, openChronicle } from '../shell/events/chronicle.js';
import { type History, openHistory } from '../shell/history/history.js';
import { type MemoryStore, openMemory } from '../shell/pass/memory.js';
import { newNodeState } from '../shell/pass/node-state.js';
import type { BirdRemains } from '../shell/ports/bird-remains.js';
import type { ControlPlane } from '../shell/ports/control-plane.js';
import type { Host } from '../shell/ports/host.js';
import type { PassWork } from '../shell/ports/work.js';
import type { NodeStatus } from '../shell/status/status.js';
import type { AgentContext } from '../shell/talk/agent-context.js';
import type { Start } from '../shell/talk/bootstrap.js';
import { driftLog } from '../telemetry/drift-log.js';
import type { Log } from '../telemetry/log.js';
import { logOnChange } from '../telemetry/log-on-change.js';
import { recordedLog } from '../telemetry/recorded-log.js';
import { loadGoodTemplates } from './templates.js';

/** One node's parts, built from its configuration. Sends nothing yet. */
export interface Node {
  readonly config: AgentConfig;
  readonly controlPlane: ControlPlane;
  readonly facts: AgentContext['facts'];
  /** The log, whose lines are kept as events. */
  readonly log: AgentContext['log'];
  readonly logOnChange: AgentContext['logOnChange'];
  readonly events: Chronicle;
  openMemory(): Promise<MemoryStore>;
  /** See `readSessionsFile`. */
  readSessions(path: string): Promise<readonly SessionEntry[]>;
  /** The machine, once the control plane's bootstrap configuration is known, also from disk. */
  openHost(bootstrap: BootstrapConfig | undefined): Host;
  /** BIRD's configuration directory, for the end of the agent's work on the node. */
  openBirdRemains(bootstrap: BootstrapConfig | undefined): BirdRemains;
  /** The agent of a node whose bootstrap configuration is known. */
  openAgent(start: Start): Promise<Agent>;
  /**
   * Ends the connections, and stores the events if there was a pass, or `hasStarted` says that the daemon ran: whoever only
   * looked leaves no trace.
   */
  close(hasStarted?: boolean): Promise<void>;
}

/** Listeners to a node's work. */
export interface NodeListeners {
  /** A request to the control plane has ended. */
  onCall: OnCall;
  /** An answer of the control plane differs from its dialect. */
  onDrift: OnDrift;
  /** A pass, or a step of one, has ended. */
  onProgress(): void;
  /** A pass has ended; `status` is the node's since then. */
  onPass(status: NodeStatus, work: PassWork): void;
  /** A look has seen a change. */
  onLook(): void;
  /** Something has happened that is kept as an event. */
  onEvent(event: NodeEvent): void;
  /** A program has ended, by its name. */
  onCommand(program: string, end: CommandEnd): void;
}

/** A disk that does not answer must hold up neither the start nor the end. */
const storeWithinMs = 5_000;

/** Builds the parts of a node. `cutOff` ends all work, even in the middle of a change. */
export function openNode(
  config: AgentConfig,
  plainLog: Log,
  cutOff: AbortSignal,
  listeners: Partial<NodeListeners> = {},
): Node {
  const events = openChronicle(openEventFiles(config.stateDir, systemClock), (problem) =>
    announce('events', problem),
  );
  const record = (event: NodeEvent) => {
    events.add(event);
    listeners.onEvent?.(event);
  };
  const run = watchedRun(runProgram, (program, end) => listeners.onCommand?.(program, end));
  const log = recordedLog(plainLog, record, systemClock.now);
  const announce = logOnChange(log);
  const state = openStateStore(config.stateDir, (text) => log.warn(text));
  const runtime = openStateStore(join(config.runtimeDir, 'state'));
  const history = openNodeHistory(config, log, announce);
  let hasPassed = false;
  const { apiUrl } = config.bootstrap;
  const drift = driftLog(log, systemClock.monotonic);
  const archive = openArchive(state);
  const controlPlane = openControlPlane({
    ...config.bootstrap,
    requestsPerMinute: config.limits.requestsPerMinute,
    archive,
    onDialect: (found, before) =>
      before === undefined
        ? log.info(`the control plane speaks the ${found} dialect`)
        : log.warn(`the control plane speaks the ${found} dialect now, no longer ${before}`),
    onDrift: (call, drifts) => {
      listeners.onDrift?.(call, drifts);
      drift.hear(call, drifts);
    },
    onCall: (call) => listeners.onCall?.(call),
  });
  const facts = {
    version,
    apiUrl,
    pid: process.pid,
    kernel: release(),
    loadAverage: () => loadavg() as [number, number, number],
    uptimeSeconds: () => process.uptime(),
    network: readNetworkTotals,
    defaultRoutes: readDefaultRoutes,
  };
  return {
    config,
    controlPlane,
    facts,
    log,
    logOnChange: announce,
    events,
    close: async (hasStarted = false) => {
      await controlPlane.close();
      if (hasStarted) await inTime(storeWithinMs, history.close());
      if (hasPassed || hasStarted) await inTime(storeWithinMs, events.store());
    },
    openMemory: () => openMemory(state, runtime),
    readSessions: (path) => readSessionsFile(path, archive, config.bootstrap.dialect),
    openHost: (bootstrap) => {
      const nodeConfig = mergeBootstrap(config, bootstrap);
      return openHost(nodeConfig, birdSocket(config, nodeConfig).options, run);
    },
    openBirdRemains: (bootstrap) => {
      const nodeConfig = mergeBootstrap(config, bootstrap);
      const { configDir } = nodeConfig.bird;
      const limits = { connectTimeoutMs: 10_000, replyTimeoutMs: 15_000 };
      return openBirdRemains({ configDir, ...birdSocket(config, nodeConfig).options, ...limits, run });
    },
    openAgent: async (start) => {
      const nodeConfig = mergeBootstrap(config, start.snapshot.config);
      const { refusedPaths } = nodeConfig;
      const ownProgram = openOwnProgram();
      const socket = birdSocket(config, nodeConfig);
      announce('config', refusedPaths.length > 0 ? refusedPaths.join('; ') : undefined);
      const context: AgentContext = {
        controlPlane,
        host: openHost(nodeConfig, socket.options, run),
        memory: await openMemory(state, runtime),
        ...(await loadGoodTemplates(config.templatesDir, state)),
        settings: settingsOf(nodeConfig),
        pinger: openPinger({ run, count: nodeConfig.ping.count, timeoutMs: nodeConfig.ping.timeoutMs }),
        log,
        logOnChange: announce,
        events,
        history,
        facts,
        configNotes: () => [
          ...configNotes(config),
          ...refusedPaths,
          ...[socket.note() ?? []].flat(),
          ...[drift.note() ?? []].flat(),
          ...autoUpdateNotes(start.snapshot.config),
          ...[ownProgram.note() ?? []].flat(),
        ],
        reportIntervalMs: config.intervals.reportMs,
        requestsPerMinute: config.limits.requestsPerMinute,
        passIntervalMs: config.intervals.sessionsMs,
        onProgress: () => listeners.onProgress?.(),
        onPass: (work) => {
          hasPassed = true;
          void events.store();
          listeners.onPass?.(agent.status(), work);
        },
        onLook: () => listeners.onLook?.(),
        cutOff,
      };
      // What cannot be read is unknown: the first pass then tells of each session that is up.
      const past = await inTime(
        storeWithinMs,
        events.read().catch(() => []),
      );
      const agent = createAgent(context, newNodeState(start.snapshot, historyOf(past?.value ?? [])));
      return agent;
    },
  };
}

function openNodeHistory(
  { stateDir, history }: AgentConfig,
  log: AgentContext['log'],
  announce: AgentContext['logOnChange'],
): History {
  const directory = join(stateDir, 'history');
  return openHistory({
    clock: systemClock,
    store: history ? openHistoryFiles(directory, (text) => log.warn(text)) : undefined,
    onProblem: (problem) => announce('history', problem),
  });
}

/** What `status` says of the configuration before the control plane has answered. */
export function configNotes({ bootstrap }: AgentConfig): readonly string[] {
  const { apiUrl, proxy } = bootstrap;
  const plainHttp = plainHttpWarning(apiUrl);
  return [
    ...(plainHttp === undefined ? [] : [plainHttp]),
    ...(proxy === undefined
      ? []
      : [`the agent asks the control plane through the proxy ${proxy.host} (${proxy.variable})`]),
  ];
}

/** The status note where the control plane wants automatic updates, which the agent leaves to packages. */
export function autoUpdateNotes({ autoUpdate }: Pick<BootstrapConfig, 'autoUpdate'>): string[] {
  if (!autoUpdate) return [];
  const channel = autoUpdate.channel === undefined ? '' : ` (channel ${autoUpdate.channel})`;
  return [
    `the control plane wants automatic updates${channel}: the agent does not replace itself; update its package`,
  ];
}

/** BIRD's control socket: a path in the file is final; one from the control plane may be wrong for this machine. */
function birdSocket({ bird }: AgentConfig, { bird: { controlSocket } }: NodeConfig) {
  const finder = bird.controlSocket === undefined ? openSocketFinder({ controlSocket }) : undefined;
  return { options: { controlSocket, findSocket: finder?.find }, note: () => finder?.note };
}

function openHost(config: NodeConfig, socket: ReturnType<typeof birdSocket>['options'], run: Run): Host {
  const { bird, wireguard, runtimeDir } = config;
  const { helpersDir } = config.unit ?? {};
  const helper = (name: string) => (helpersDir === undefined ? undefined : join(helpersDir, `${name}.sock`));
  const listeners = openLinkListeners();
  const links = openLinks({ run, listeners });
  return {
    links,
    wireguard: openWireGuard({
      run,
      links,
      implementation: wireguard.implementation,
      scratchDir: join(runtimeDir, 'wireguard'),
      launcher: helper('wireguard'),
      listeners,
    }),
    keys: openKeyStore({ ...wireguard, run }),
    bird: openBird({ ...bird, ...socket, run, restarter: helper('bird') }),
    kernelRoutes: openKernelRoutes({ run, table: bird.kernelTable }),
    rules: openRoutingRules({ run }),
    portSets: openPortSets({ run }),
    resolver: openResolver({ clock: systemClock }),
    uplink: openUplink(config.bootstrap),
    udpPorts: openUdpPorts(),
    sysctls: openSysctls(config.unit?.sysctlsDir),
    clock: systemClock,
  };
}

function settingsOf(config: NodeConfig): AgentContext['settings'] {
  return {
    nodeName: config.bootstrap.nodeName,
    birdMode: config.bird.mode,
    keepaliveSeconds: config.wireguard.persistentKeepaliveSeconds,
    loopbackInterface: config.loopback.interface,
    apiPort: config.server.listen[0]?.port || undefined,
    kernelTable: config.bird.kernelTable,
    nftSet: config.firewall?.nftSet,
    sessions: config.sessions,
    policy: config.policy,
  };
}
