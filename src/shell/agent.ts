import { accountedCalls } from './calls.js';
import { oneAtATime } from './exclusive.js';
import { pingTargets, sessionMetrics } from './measure.js';
import type { NodeState } from './node-state.js';
import { nodeStatus } from './node-status.js';
import { describePass, errorsOf, logPass } from './pass-log.js';
import type { ControlPlane, Heartbeat, Log, LogOnChange, MeshPeerStatus, Pinger } from './ports.js';
import { foresee, type Prospect, type ReconcilerContext, reconcile } from './reconciler.js';
import type { NodeStatus, ResyncResult } from './status.js';
import { postUpdates } from './updates.js';
import { wordsOf } from './words-of.js';

export interface AgentContext extends ReconcilerContext {
  readonly controlPlane: ControlPlane;
  readonly pinger: Pinger;
  readonly log: Log;
  /** Logs a state once, when it begins and when it ends. */
  readonly logOnChange: LogOnChange;
  readonly facts: {
    readonly version: string;
    readonly apiUrl: string;
    readonly pid: number;
    readonly kernel: string;
    loadAverage(): readonly [number, number, number];
    /** Seconds the process has run. */
    uptimeSeconds(): number;
  };
  readonly reportIntervalMs: number;
  /** Cuts a pass off in its middle. A pass that was begun is otherwise finished, also when the daemon is to stop. */
  readonly cutOff: AbortSignal;
  /** Hears of each call to the control plane that did not succeed. */
  onCallFailed(call: string): void;
}

/** The parts of what the control plane wants that are asked for again and again. */
type Part = 'sessions' | 'mesh' | 'birdConfig';

const partCalls: Readonly<Record<Part, string>> = {
  sessions: 'GET sessions',
  mesh: 'GET mesh',
  birdConfig: 'GET bird-config',
};

/** What one node's agent can do; the loops decide when. */
export interface Agent {
  /** Fetches parts; those that could not be had keep what was known. Resolves to the errors. */
  refresh(parts: readonly Part[], signal: AbortSignal): Promise<readonly string[]>;
  /** One pass over what is known, and the status updates that follow from it. */
  pass(): Promise<PassOutcome>;
  /** Measures, and posts `report`. */
  report(signal: AbortSignal): Promise<readonly string[]>;
  /** `report`, where the last one is long enough ago. */
  reportIfDue(signal: AbortSignal): Promise<void>;
  meshStatus(signal: AbortSignal): Promise<readonly string[]>;
  heartbeat(signal: AbortSignal): Promise<readonly string[]>;
  /** Everything at once: fetch all, one pass, post all. */
  sync(signal: AbortSignal): Promise<ResyncResult>;
  foresee(): Promise<Prospect>;
  status(): NodeStatus;
}

interface PassOutcome {
  readonly changes: readonly string[];
  readonly errors: readonly string[];
}

export function createAgent(context: AgentContext, state: NodeState): Agent {
  const exclusive = oneAtATime();
  const { controlPlane, host } = context;
  const call = accountedCalls(state, context);

  async function refresh(parts: readonly Part[], signal: AbortSignal): Promise<string[]> {
    const fetches: Record<Part, () => Promise<void>> = {
      sessions: async () => keep({ sessions: await controlPlane.fetchSessions(signal) }),
      mesh: async () => keep({ mesh: await controlPlane.fetchMesh(signal) }),
      birdConfig: async () => keep({ birdConfig: await controlPlane.fetchBirdConfig(signal) }),
    };
    const errors = await Promise.all(parts.map((part) => call(partCalls[part], signal, fetches[part])));
    return errors.flat();
  }

  function keep(part: Partial<NodeState['snapshot']>): void {
    state.snapshot = { ...state.snapshot, ...part };
  }

  async function pass(): Promise<PassOutcome> {
    return exclusive(async () => {
      try {
        const result = await reconcile(context, state.snapshot, context.cutOff);
        state.lastPass = result;
        state.passError = undefined;
        logPass(result, state.snapshot, context);
        const postErrors = await postUpdates(result.reports, state.snapshot, context, call);
        return { changes: describePass(result), errors: [...errorsOf(result), ...postErrors] };
      } catch (error) {
        if (context.cutOff.aborted) throw error;
        state.passError = `the system cannot be read or changed: ${wordsOf(error)}`;
        return { changes: [], errors: [state.passError] };
      } finally {
        context.logOnChange('pass', state.passError);
      }
    });
  }

  async function report(signal: AbortSignal): Promise<string[]> {
    if (!state.lastPass) return [];
    try {
      state.pings = await context.pinger.ping(pingTargets(state.lastPass, state.snapshot), signal);
      context.logOnChange('ping', undefined);
    } catch (error) {
      if (signal.aborted) return [];
      context.logOnChange('ping', wordsOf(error));
    }
    return call('POST report', signal, async () => {
      await controlPlane.postReport(sessionMetrics(state), signal);
      state.lastReportMs = host.clock.now();
    });
  }

  async function meshStatus(signal: AbortSignal): Promise<string[]> {
    if (!state.lastPass || !state.snapshot.mesh) return [];
    const { desired, failures } = state.lastPass;
    const peers: MeshPeerStatus[] = desired.mesh.map(({ nodeId, reason }) => ({
      nodeId,
      error: reason ?? failures.get(`moenet-agent:mesh:${nodeId}`),
    }));
    const refused = state.snapshot.mesh.refused.flatMap(({ nodeId, reason }) =>
      nodeId === undefined ? [] : [{ nodeId, error: reason }],
    );
    return call('POST mesh/status', signal, () =>
      controlPlane.postMeshStatus([...peers, ...refused], signal),
    );
  }

  async function heartbeat(signal: AbortSignal): Promise<string[]> {
    const bird = state.lastPass?.observed.bird;
    const keyPair = await host.keys.read().catch(() => undefined);
    const beat: Heartbeat = {
      version: context.facts.version,
      uptimeSeconds: Math.floor(context.facts.uptimeSeconds()),
      meshPublicKey: keyPair?.publicKey,
      birdVersion: bird?.running ? bird.version : undefined,
      kernel: context.facts.kernel,
      loadAverage: context.facts.loadAverage(),
    };
    return call('POST heartbeat', signal, () => controlPlane.postHeartbeat(beat, signal));
  }

  return {
    refresh,
    pass,
    report,
    reportIfDue: async (signal) => {
      // A tenth of slack, for the jitter of the loop that calls this.
      const due = host.clock.now() - state.lastReportMs >= context.reportIntervalMs * 0.9;
      if (due) await report(signal);
    },
    meshStatus,
    heartbeat,
    sync: async (signal) => {
      const fetchErrors = await refresh(['birdConfig', 'mesh', 'sessions'], signal);
      const { changes, errors } = await pass();
      const postErrors = [await meshStatus(signal), await heartbeat(signal), await report(signal)].flat();
      const all = [...fetchErrors, ...errors, ...postErrors];
      return { ok: all.length === 0, changes, errors: all };
    },
    foresee: () => exclusive(() => foresee(context, state.snapshot, context.cutOff)),
    status: () =>
      nodeStatus(state, {
        version: context.facts.version,
        pid: context.facts.pid,
        node: context.settings.nodeName,
        apiUrl: context.facts.apiUrl,
        uptimeSeconds: Math.floor(context.facts.uptimeSeconds()),
        nowSeconds: Math.floor(host.clock.now() / 1000),
      }),
  };
}
