import { loadTemplates } from '../../src/adapters/templates/load-templates.js';
import type { BootstrapConfig } from '../../src/core/model/control-plane.js';
import type { NodeEvent } from '../../src/core/model/events/event.js';
import { historyOf } from '../../src/core/verdict/up-history.js';
import { makeFakeHost } from '../../src/lab/simulated/machine/fake-host.js';
import type { FakeHost } from '../../src/lab/simulated/machine/fake-machine.js';
import { makeFakeState } from '../../src/lab/simulated/machine/fake-state.js';
import { type Agent, createAgent } from '../../src/shell/agent.js';
import { openChronicle } from '../../src/shell/events/chronicle.js';
import { openHistory } from '../../src/shell/history/history.js';
import { openMemory } from '../../src/shell/pass/memory.js';
import { newNodeState } from '../../src/shell/pass/node-state.js';
import type { EventStore } from '../../src/shell/ports/event-store.js';
import type { HistoryStore } from '../../src/shell/ports/history-store.js';
import type { StateStore } from '../../src/shell/ports/host.js';
import type { LogOnChange } from '../../src/shell/ports/log.js';
import type { PassWork } from '../../src/shell/ports/work.js';
import { logOnChange } from '../../src/telemetry/log-on-change.js';
import { recordedLog } from '../../src/telemetry/recorded-log.js';
import { bootstrap, makeEntry, nodeSettings } from '../unit/make.js';
import { type FakeControlPlane, makeFakeControlPlane } from './fake-control-plane.js';

/** A node on fakes: its machine, its control plane, its state on disk, and how long its links take. */
export interface FakeNode {
  readonly host: FakeHost;
  readonly controlPlane: FakeControlPlane;
  /** What `GET config` said at the start. */
  config: BootstrapConfig;
  /** Whether the agent owns BIRD's main file, or the operator's includes the agent's. */
  birdMode: 'full' | 'include';
  /** What there is to say of the configuration. */
  configNotes: readonly string[];
  readonly state: StateStore & { readonly documents: Map<string, string> };
  /** As `state`, and gone only with the machine's interfaces. */
  readonly runtime: StateStore;
  /** The events on disk. */
  readonly events: EventStore;
  /** The history on disk; undefined: there is none. */
  history: HistoryStore | undefined;
  /** What is wrong, as it was logged. */
  readonly problems: string[];
  /** Hears of each state that is logged, and of its end. */
  onLog: LogOnChange;
  /** How often a pass is to be made. */
  passIntervalMs: number;
  /** Hears of passes and steps that end. */
  onProgress(): void;
  onPass(work: PassWork): void;
  onLook(): void;
  /** Milliseconds until a ping is answered; undefined: it is lost. An error: pinging itself fails. */
  rttMs: number | Error | undefined;
  /** Awaited before each ping. */
  beforePing(signal: AbortSignal | undefined): Promise<void>;
  /** An agent that knows what is on disk, as after a start. */
  startAgent(): Promise<Agent>;
  /** Stores what a daemon stores when it stops. */
  stop(): Promise<void>;
}

export function makeFakeNode(): FakeNode {
  const node: FakeNode = {
    host: makeFakeHost(),
    controlPlane: makeFakeControlPlane([makeEntry({ status: 'queued-for-setup' })]),
    config: bootstrap,
    birdMode: 'full',
    configNotes: [],
    state: makeFakeState(),
    runtime: makeFakeState(),
    events: makeFakeEvents(),
    history: undefined,
    problems: [],
    onLog: () => undefined,
    passIntervalMs: 3_600_000,
    onProgress: () => undefined,
    onPass: () => undefined,
    onLook: () => undefined,
    rttMs: 12.5,
    beforePing: async () => undefined,
    startAgent: () => startAgent(node),
    stop: async () => undefined,
  };
  return node;
}

function makeFakeEvents(): EventStore {
  const stored: NodeEvent[] = [];
  return { append: async (events) => void stored.push(...events), read: async () => [...stored] };
}

// Read once: compiling them takes longer than a pass.
const templates = await loadTemplates();

async function startAgent(node: FakeNode): Promise<Agent> {
  const events = openChronicle(node.events);
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const log = recordedLog(silent, events.add, node.host.clock.now);
  const announce = logOnChange(log);
  const history = openHistory({
    clock: node.host.clock,
    store: node.history,
    onProblem: (problem) => {
      node.onLog('history', problem);
      announce('history', problem);
    },
  });
  node.stop = () => history.close();
  return createAgent(
    {
      controlPlane: node.controlPlane,
      host: node.host,
      pinger: {
        ping: async (targets, signal) => {
          await node.beforePing(signal);
          const { rttMs } = node;
          if (rttMs instanceof Error) throw rttMs;
          return new Map(targets.map((target) => [target, { rttMs, loss: rttMs === undefined ? 1 : 0 }]));
        },
      },
      memory: await openMemory(node.state, node.runtime),
      templates: await templates,
      settings: { ...nodeSettings, birdMode: node.birdMode },
      log,
      events,
      history,
      logOnChange: (subject, problem, about) => {
        node.onLog(subject, problem, about);
        announce(subject, problem, about);
        if (problem !== undefined) node.problems.push(`${subject}: ${problem}`);
      },
      facts: {
        version: '1.2.3',
        apiUrl: 'https://cp.example.net',
        pid: 42,
        kernel: '6.1',
        loadAverage: () => [0, 0, 0],
        defaultRoutes: async () => ({ ipv4: ['eth0'], ipv6: ['eth0'] }),
        uptimeSeconds: () => 61.9,
      },
      configNotes: () => node.configNotes,
      reportIntervalMs: 60_000,
      requestsPerMinute: 240,
      passIntervalMs: node.passIntervalMs,
      onProgress: () => node.onProgress(),
      onPass: (work) => {
        void events.store();
        node.onPass(work);
      },
      onLook: () => node.onLook(),
      cutOff: new AbortController().signal,
    },
    newNodeState({ ...node.controlPlane.known, config: node.config }, historyOf(await events.read())),
  );
}
