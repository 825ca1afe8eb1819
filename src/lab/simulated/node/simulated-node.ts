import { loadavg, release } from 'node:os';
import { openArchive } from '../../../adapters/control-plane/archive.js';
import { openControlPlane } from '../../../adapters/control-plane/open-control-plane.js';
import { loadTemplates } from '../../../adapters/templates/load-templates.js';
import type { NodeEvent } from '../../../core/model/events/event.js';
import { Secret } from '../../../core/model/values/secret.js';
import { wordsOf } from '../../../core/model/words-of.js';
import { historyOf } from '../../../core/verdict/up-history.js';
import { systemClock } from '../../../platform/clock.js';
import { version } from '../../../platform/self.js';
import { createAgent } from '../../../shell/agent.js';
import { runDaemon, type Service } from '../../../shell/daemon.js';
import { openChronicle } from '../../../shell/events/chronicle.js';
import { openHistory } from '../../../shell/history/history.js';
import { openMemory } from '../../../shell/pass/memory.js';
import { newNodeState } from '../../../shell/pass/node-state.js';
import type { Pinger } from '../../../shell/ports/host.js';
import { startingStatus } from '../../../shell/status/node-status.js';
import type { AgentContext } from '../../../shell/talk/agent-context.js';
import { logOnChange } from '../../../telemetry/log-on-change.js';
import { recordedLog } from '../../../telemetry/recorded-log.js';
import { uplink } from '../../hosts/network.js';
import type { NodeSpec } from '../../scenario/node-spec.js';
import type { FakeHost } from '../machine/fake-machine.js';
import { makeFakeState } from '../machine/fake-state.js';
import { type NodePage, openNodePage } from './node-page.js';

/** A node whose machine is made up, with the real agent on it. */
export interface SimulatedNode {
  readonly spec: NodeSpec;
  readonly machine: FakeHost;
  /** The agent's log, a line each. */
  readonly log: readonly string[];
  /** The part of it since its last start. */
  logSinceStart(): readonly string[];
  /** What the running agent answers; undefined while none runs. */
  service(): Service | undefined;
  readonly page: NodePage;
  /** Does something on the machine as the next pass ends: the pass after that finds it, and none is in the middle of it. */
  betweenPasses(act: () => void): Promise<void>;
  /** Why the agent has ended by itself, which it never should. */
  ended(): string | undefined;
  start(): void;
  /** As SIGTERM does: the agent leaves the machine as it is. */
  stop(): Promise<void>;
}

/** Where the control plane is asked, with what token, and how often at most. */
interface Access {
  readonly apiUrl: string;
  readonly token: string;
  readonly requestsPerMinute: number;
}

/** Far shorter than a real node's, so that one can watch. */
const intervals = { lookMs: 500, sessionsMs: 300, heartbeatMs: 2_000, meshMs: 2_000, birdConfigMs: 1_500 };
const reportMs = 600;
const mostLines = 2_000;
const mostEvents = 500;

const note =
  'this node is simulated: the agent is real, but its machine, BIRD, WireGuard and all peers are not';

/** Makes a node whose agent does not run yet. What the agent would store on disk is kept in memory. */
export function makeNode(
  spec: NodeSpec,
  machine: FakeHost,
  pinger: Pinger,
  { apiUrl, token, requestsPerMinute }: Access,
): SimulatedNode {
  const [state, runtime] = [makeFakeState(), makeFakeState()];
  const stored: NodeEvent[] = [];
  const lines: string[] = [];
  let stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let service: Service | undefined;
  let ended: string | undefined;
  let startedAtLine = 0;
  const waiting: (() => void)[] = [];
  const page = openNodePage(spec.name);

  const say = (level: string) => (text: string) => {
    lines.push(`${new Date().toISOString()} ${level} ${text}`);
    const tooMany = Math.max(0, lines.length - mostLines);
    lines.splice(0, tooMany);
    startedAtLine = Math.max(0, startedAtLine - tooMany);
  };

  async function run(signal: AbortSignal): Promise<void> {
    const startedMs = performance.now();
    const uptimeSeconds = () => (performance.now() - startedMs) / 1000;
    const events = openChronicle({
      append: async (more) => {
        stored.push(...more);
        stored.splice(0, stored.length - mostEvents);
      },
      read: async () => [...stored],
    });
    const log = recordedLog(
      { info: say('info'), warn: say('warn'), error: say('error') },
      events.add,
      systemClock.now,
    );
    const announce = logOnChange(log);
    const controlPlane = openControlPlane({
      apiUrl,
      nodeName: spec.name,
      token: new Secret(token),
      requestsPerMinute,
      archive: openArchive(state),
      onDialect: (found) => log.info(`the control plane speaks the ${found} dialect`),
    });
    const facts: AgentContext['facts'] = {
      version,
      apiUrl,
      pid: process.pid,
      kernel: release(),
      loadAverage: () => loadavg() as [number, number, number],
      network: async () => networkTotals(machine),
      defaultRoutes: async () => ({ ipv4: [uplink], ipv6: [] }),
      uptimeSeconds,
    };
    const told = () => ({
      ...facts,
      node: spec.name,
      uptimeSeconds: Math.floor(uptimeSeconds()),
      nowSeconds: Math.floor(Date.now() / 1000),
      configNotes: [note],
    });
    try {
      await runDaemon(
        {
          controlPlane,
          clock: systemClock,
          log,
          logOnChange: announce,
          intervals,
          random: Math.random,
          startingStatus: () => startingStatus(told()),
          serve: async (opened) => {
            const close = page.serve(opened);
            service = opened;
            return async () => {
              service = undefined;
              close();
            };
          },
          ready: async () => {},
          onProgress: () => {},
          openAgent: async (begun) =>
            createAgent(
              {
                controlPlane,
                host: machine,
                pinger,
                memory: await openMemory(state, runtime),
                templates: await loadTemplates(),
                settings: settingsOf(spec.name),
                log,
                logOnChange: announce,
                events,
                history: openHistory({ clock: systemClock, store: undefined, onProblem: () => {} }),
                facts,
                configNotes: () => [note],
                reportIntervalMs: reportMs,
                requestsPerMinute,
                passIntervalMs: intervals.sessionsMs,
                onProgress: () => {},
                onPass: () => {
                  for (const act of waiting.splice(0)) act();
                  void events.store();
                  page.changed();
                },
                onLook: page.changed,
                cutOff: new AbortController().signal,
              },
              newNodeState(begun.snapshot, historyOf(await events.read())),
            ),
        },
        signal,
      );
    } finally {
      await controlPlane.close();
    }
  }

  return {
    spec,
    machine,
    log: lines,
    page,
    logSinceStart: () => lines.slice(startedAtLine),
    betweenPasses: (act) =>
      new Promise((resolve, reject) => {
        waiting.push(() => {
          try {
            resolve(act());
          } catch (error) {
            reject(error);
          }
        });
      }),
    service: () => service,
    ended: () => ended,
    start: () => {
      startedAtLine = lines.length;
      stop = new AbortController();
      running = run(stop.signal).catch((error: unknown) => {
        ended = wordsOf(error);
      });
    },
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}

/** What went through its tunnels; nothing else goes through its network. */
function networkTotals({ wireguardTable }: FakeHost) {
  const peers = [...wireguardTable.values()].flatMap((wireguard) => wireguard.peers);
  const sum = (kind: 'rxBytes' | 'txBytes') => peers.reduce((total, peer) => total + peer[kind], 0);
  return { rxBytes: sum('rxBytes'), txBytes: sum('txBytes'), tcpSockets: 0, udpSockets: 0 };
}

/** What the configuration file of a newly installed node says. */
function settingsOf(nodeName: string): AgentContext['settings'] {
  return {
    nodeName,
    birdMode: 'full',
    keepaliveSeconds: 25,
    loopbackInterface: 'dummy0',
    sessions: [],
    policy: {
      roaUnknown: 'accept',
      blockedAsns: [],
      customers: [],
      ownPrefixes: [],
      whenAlone: 'drain',
      collector: undefined,
      throughDn42: [],
      neighborRanges: [],
    },
  };
}
