import { openArchive } from '../../src/adapters/control-plane/archive.js';
import { createClient } from '../../src/adapters/control-plane/client.js';
import { placeOf } from '../../src/adapters/control-plane/dialects/dialects.js';
import type { loadTemplates } from '../../src/adapters/templates/load-templates.js';
import type { NodeEvent } from '../../src/core/model/events/event.js';
import { Secret } from '../../src/core/model/values/secret.js';
import { historyOf } from '../../src/core/verdict/up-history.js';
import type { NodeSpec } from '../../src/lab/scenario/node-spec.js';
import { loadProtocols } from '../../src/lab/simulated/machine/fake-bird.js';
import { makeFakeHost } from '../../src/lab/simulated/machine/fake-host.js';
import type { FakeHost } from '../../src/lab/simulated/machine/fake-machine.js';
import { makeFakeState } from '../../src/lab/simulated/machine/fake-state.js';
import { type Agent, createAgent } from '../../src/shell/agent.js';
import { type DaemonContext, runDaemon } from '../../src/shell/daemon.js';
import { openChronicle } from '../../src/shell/events/chronicle.js';
import { openHistory } from '../../src/shell/history/history.js';
import { openMemory } from '../../src/shell/pass/memory.js';
import { newNodeState } from '../../src/shell/pass/node-state.js';
import { startingStatus } from '../../src/shell/status/node-status.js';
import type { AgentContext } from '../../src/shell/talk/agent-context.js';
import { logOnChange } from '../../src/telemetry/log-on-change.js';
import { recordedLog } from '../../src/telemetry/recorded-log.js';
import { nodeSettings } from '../unit/make.js';
import { type Chance, keyOf } from './chance.js';
import { type Life, mortal } from './mortal.js';
import type { Network, Server } from './server.js';
import { openTransport, requestsPerMinute } from './transport.js';
import type { VirtualTime } from './virtual-time.js';

/** What all routers of a fleet share. */
export interface World {
  readonly time: VirtualTime;
  readonly server: Server;
  readonly templates: Awaited<ReturnType<typeof loadTemplates>>;
  readonly intervals: DaemonContext['intervals'];
}

/** One router: its machine, and the daemon on it, as systemd keeps it. */
export interface Router {
  readonly spec: NodeSpec;
  readonly network: Network;
  readonly host: FakeHost;
  /** What the agent has in its state directory. */
  readonly documents: ReadonlyMap<string, string>;
  /** Tunnels and protocols that a fault took away, or that a newly started machine lacks, until they are seen again. */
  readonly disturbed: Set<string>;
  /** The last lines of the log, with the time of each. */
  readonly log: string[];
  /** What must never be logged. */
  readonly bugs: string[];
  readonly faults: RouterFaults;
  /** The agent that runs; undefined while it starts, or does not run. */
  agent(): Agent | undefined;
  start(): void;
  /** As SIGKILL; systemd starts it again after a while. `effects`: in the middle of the work, before so many more changes. */
  kill(effects?: number): void;
  /** As SIGTERM and a new start. */
  restart(): Promise<void>;
  /** The machine loses power: tunnels, addresses and what is in /run are gone. It is up again after half a minute or a minute. */
  reboot(): void;
}

interface RouterFaults {
  /** The way to the control plane is cut. */
  isCutOff: boolean;
  /** Pings get no answer. */
  isSilent: boolean;
  hasNoDns: boolean;
  /** The disk takes nothing. */
  isDiskFull: boolean;
  /** How many times slower than usual the machine is. */
  slowness: number;
  /** A call that does not return while this is so. */
  hangs: string | undefined;
}

/** As in the unit. */
const restartMs = 5_000;
/** BIRD undoes what is not confirmed; the addresses on trial end with it. */
const undoMs = 120_000;

/** How long changes take, in ms; all else is at once. */
const durations: Readonly<Record<string, number>> = {
  'links.apply': 20,
  'wireguard.create': 30,
  'wireguard.syncConfig': 10,
  'bird.commit': 150,
  'bird.observe': 5,
  'pinger.ping': 1_500,
};

const keptLines = 2_000;

/** What others have on the machine, and have there again after a start of it. */
function placeForeign({ linkTable, files }: FakeHost): void {
  const addresses = [{ local: '10.9.9.9', prefixLength: 32, peer: undefined }];
  const own = { name: 'wg_foreign', kind: 'wireguard', alias: undefined, mtu: 1400, up: true, addresses };
  linkTable.set(own.name, { ...own, addresses: [] });
  Object.assign(linkTable.get('eth0') ?? {}, { addresses });
  files.set('peers/manual.conf', 'protocol bgp by_hand {}\n');
}

/** What others have on the machine, as it is now. */
export function foreignThings({ host: { linkTable, files } }: Pick<Router, 'host'>): string {
  return JSON.stringify([linkTable.get('wg_foreign'), linkTable.get('eth0'), files.get('peers/manual.conf')]);
}

export function makeRouter(spec: NodeSpec, network: Network, world: World, chance: Chance): Router {
  const { time, server } = world;
  const host = makeFakeHost();
  Object.assign(host, {
    publicKey: keyOf(chance),
    resolver: {
      resolve: async (names: readonly string[]) =>
        new Map(faults.hasNoDns ? [] : names.map((name) => [name, ['192.0.2.77']])),
      unresolved: (names: readonly string[]) => (faults.hasNoDns ? names : []),
    },
    clock: { now: () => time.now() + host.stepMs, monotonic: time.now, sleep: time.sleep },
  });
  placeForeign(host);
  loadProtocols(host, host.files);
  const state = makeFakeState();
  let runtime = makeFakeState();
  const stored: NodeEvent[] = [];
  const faults: RouterFaults = {
    isCutOff: false,
    isSilent: false,
    isDiskFull: false,
    hasNoDns: false,
    slowness: 1,
    hangs: undefined,
  };
  let life: Life = { isOver: true };
  let stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let agent: Agent | undefined;

  const write = state.write;
  state.write = async (...args) => {
    if (faults.isDiskFull) throw new Error('ENOSPC: no space left on device');
    await write(...args);
  };

  function start(): void {
    life = { isOver: false };
    stop = new AbortController();
    running = run(life, stop).catch((error: unknown) => {
      router.bugs.push(`the daemon ended: ${error instanceof Error ? error.stack : String(error)}`);
    });
  }

  async function run(own: Life, { signal }: AbortController): Promise<void> {
    const delay = (call: string) => {
      const usualMs = durations[call];
      if (call === faults.hangs) return until(() => faults.hangs !== call || own.isOver);
      return usualMs === undefined
        ? undefined
        : time.sleep(usualMs * faults.slowness * (0.5 + chance.next()));
    };
    const of = <T extends object>(port: T, name = '') => mortal(port, own, delay, name);
    const events = openChronicle(
      of({ append: async (more: readonly NodeEvent[]) => keep(more), read: async () => [...stored] }),
    );
    const say = (level: string) => (text: string) => {
      if (own.isOver) return;
      router.log.push(`${new Date(time.now()).toISOString()} ${level} ${text}`);
      if (router.log.length > keptLines) router.log.shift();
      // A loop that throws, or a pass that breaks, is a bug whatever the world does.
      if (level === 'error' && /\bloop failed|round failed|TypeError|RangeError/.test(text))
        router.bugs.push(text);
    };
    const log = recordedLog(
      { info: say('info'), warn: say('warn'), error: say('error') },
      events.add,
      host.clock.now,
    );
    const announce = logOnChange(log);
    const clock = of(host.clock);
    const controlPlane = createClient({
      transport: openTransport(time, chance, async (request) => {
        if (faults.isCutOff) throw Object.assign(new Error('no route'), { code: 'ENETUNREACH' });
        const answer = await server.ask(spec, network, request);
        return own.isOver ? new Promise<never>(() => undefined) : answer;
      }),
      dialects: placeOf('https://cp.example.net', 'auto').dialects,
      nodeName: spec.name,
      token: new Secret('a-token-of-the-simulation'),
      archive: openArchive(of(state)),
      now: host.clock.now,
      monotonic: time.now,
    });
    const startedMs = time.now();
    const facts: AgentContext['facts'] = {
      version: '1.2.3',
      apiUrl: 'https://cp.example.net',
      pid: 42,
      kernel: '6.1',
      loadAverage: () => [0, 0, 0],
      network: async () => ({ rxBytes: 0, txBytes: 0, tcpSockets: 0, udpSockets: 0 }),
      defaultRoutes: async () => ({ ipv4: ['eth0'], ipv6: ['eth0'] }),
      uptimeSeconds: () => (time.now() - startedMs) / 1000,
    };
    await runDaemon(
      {
        controlPlane,
        clock,
        log,
        logOnChange: announce,
        intervals: world.intervals,
        random: chance.next,
        startingStatus: () =>
          startingStatus({ ...facts, node: spec.name, uptimeSeconds: 0, nowSeconds: time.now() / 1000 }),
        serve: async () => async () => undefined,
        ready: async () => undefined,
        onProgress: () => undefined,
        openAgent: async (begun) => {
          const made = createAgent(
            {
              controlPlane,
              host: of(host),
              pinger: of(
                {
                  ping: async (targets: readonly string[]) => {
                    const rttMs = faults.isSilent ? undefined : 12.5;
                    return new Map(
                      targets.map((target) => [target, { rttMs, loss: faults.isSilent ? 1 : 0 }]),
                    );
                  },
                },
                'pinger',
              ),
              memory: await openMemory(of(state), of(runtime)),
              // Its own: what is rendered is remembered by them.
              templates: { ...world.templates },
              settings: { ...nodeSettings, nodeName: spec.name },
              log,
              events,
              history: openHistory({ clock, store: undefined, onProblem: () => undefined }),
              logOnChange: announce,
              facts,
              configNotes: () => [],
              reportIntervalMs: 60_000,
              requestsPerMinute,
              passIntervalMs: world.intervals.sessionsMs,
              onProgress: () => undefined,
              onPass: () => void events.store(),
              onLook: () => undefined,
              cutOff: new AbortController().signal,
            },
            newNodeState(begun.snapshot, historyOf(await events.read())),
          );
          if (!own.isOver) agent = made;
          return made;
        },
      },
      signal,
    );
  }

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await time.sleep(1_000);
  }

  function keep(more: readonly NodeEvent[]): void {
    stored.push(...more);
    stored.splice(0, stored.length - 500);
  }

  function die(): void {
    if (life.isOver) return;
    life.isOver = true;
    agent = undefined;
    host.beforeEffect = () => undefined;
    const { unconfirmed } = host;
    // Nobody confirms it any more.
    if (unconfirmed !== undefined)
      time.after(undoMs, () => {
        if (host.unconfirmed === unconfirmed) host.undo();
        host.expire();
      });
    time.after(restartMs, start);
  }

  const router: Router = {
    spec,
    network,
    host,
    documents: state.documents,
    disturbed: new Set(),
    log: [],
    bugs: [],
    faults,
    agent: () => agent,
    start,
    kill: (effects) => {
      if (life.isOver) return;
      if (effects === undefined) return die();
      let left = effects;
      host.beforeEffect = () => {
        left -= 1;
        if (left > 0) return;
        die();
        throw new Error('killed');
      };
    },
    restart: async () => {
      if (life.isOver) return;
      stop.abort();
      await running;
      if (life.isOver) return;
      agent = undefined;
      start();
    },
    reboot: () => {
      const wasRunning = !life.isOver;
      life.isOver = true;
      agent = undefined;
      host.beforeEffect = () => undefined;
      runtime = makeFakeState();
      for (const name of [...host.linkTable.keys()])
        if (!['lo', 'eth0'].includes(name)) host.linkTable.delete(name);
      for (const name of ['lo', 'eth0']) Object.assign(host.linkTable.get(name) ?? {}, { addresses: [] });
      placeForeign(host);
      for (const name of host.wireguardTable.keys()) router.disturbed.add(name);
      host.wireguardTable.clear();
      host.ruleTable = [];
      host.unconfirmed = undefined;
      if (host.birdRunning) loadProtocols(host, host.files);
      if (wasRunning) time.after(chance.between(20_000, 60_000), start);
    },
  };
  return router;
}
