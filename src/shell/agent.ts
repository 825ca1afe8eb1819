import pLimit from 'p-limit';
import type { Explained } from '../core/explain/explanation.js';
import type { RouteExplanation } from '../core/explain/route/route-explanation.js';
import { subjectKey } from '../core/model/events/event.js';
import { type Owner, OwnerMap } from '../core/model/owner.js';
import { wordsOf } from '../core/model/words-of.js';
import { tryCutOffsAgain } from '../core/plan/cut-offs.js';
import { changesOf } from '../core/plan/plan.js';
import { tryAgain } from '../core/plan/rejections.js';
import { passAges, whyNoProgress } from '../core/verdict/progress.js';
import { type EventsAnswer, type EventsRequest, selectEvents } from './events/select-events.js';
import { openUpWatch } from './events/up-watch.js';
import type { HistoryAnswer, HistoryRequest } from './history/answer.js';
import { limitHost } from './limited-host.js';
import { type Adoption, adoptionOf } from './operations/adopt.js';
import type { Exclusive } from './operations/context.js';
import { describePlan } from './operations/describe-plan.js';
import { explain } from './operations/explain.js';
import { explainRoute } from './operations/explain-route.js';
import { history } from './operations/history.js';
import {
  type MaintenanceRequest,
  type MaintenanceResult,
  type MaintenanceStatus,
  maintenanceStatus,
  setMaintenance,
} from './operations/maintenance.js';
import { type Operations, openOperations } from './operations/operations.js';
import type { PlanDocument } from './operations/plan-document.js';
import { openRefusedRoutes } from './operations/refused-routes.js';
import { type BirdRestart, describeBirdRestart, restartBird } from './operations/restart-bird.js';
import {
  marksNamed,
  type SwitchRequest,
  type SwitchResult,
  switchSession,
} from './operations/switch-session.js';
import type { PassResult, Prospect } from './pass/context.js';
import { openLook } from './pass/look.js';
import type { NodeState } from './pass/node-state.js';
import { foresee, reconcile } from './pass/pass.js';
import { passWork } from './pass/pass-work.js';
import { withChangesOf } from './pass/recent-changes.js';
import { openProgress } from './progress.js';
import { nodeStatus } from './status/node-status.js';
import { describePass, errorsOf, logPass } from './status/pass-log.js';
import type { NodeStatus, ResyncResult } from './status/status.js';
import type { AgentContext } from './talk/agent-context.js';
import { accountedCalls, type Call, type CallTask } from './talk/calls.js';
import { watchControlPlane } from './talk/control-plane-watch.js';
import { fetchParts, type Part } from './talk/fetch-parts.js';
import { postHeartbeat, postMeshStatus } from './talk/heartbeat.js';
import { measure, sessionMetrics } from './talk/measure.js';
import { isNodeRttDue, loopbackTargets, nodeRtts, postNodeRtts } from './talk/node-rtts.js';
import { tellObservedEndpoints } from './talk/observed-endpoints.js';
import { createUpdates } from './talk/updates.js';

/** What the agent of one node can do; the loops decide when. */
export interface Agent {
  /** Fetches parts; a part that the control plane does not give keeps its last value. Resolves to the errors. */
  refresh(parts: readonly Part[], signal: AbortSignal): Promise<readonly string[]>;
  /** Makes one pass over what is known, and posts the status updates that follow from it. */
  pass(): Promise<PassOutcome>;
  /** Makes a pass where the control plane has said something new since the last one, or where that failed. */
  passIfNews(): Promise<void>;
  /** Measures, makes a pass where a link's latency tier changed, and posts `report`. */
  report(signal: AbortSignal): Promise<PassOutcome>;
  /** Looks for changes since the last pass, for `status` and `repairIfDue`. Works also while a pass hangs. */
  look(signal: AbortSignal): Promise<void>;
  /** Makes a pass where the look found something missing, where there is room again for updates, or where the next regular pass is overdue. */
  repairIfDue(): Promise<void>;
  /** Posts `report` where it is due. */
  reportIfDue(signal: AbortSignal): Promise<void>;
  meshStatus(signal: AbortSignal): Promise<readonly string[]>;
  heartbeat(signal: AbortSignal): Promise<readonly string[]>;
  /** Fetches all, makes a pass, and posts all but `report`, which takes as long as the slowest ping. */
  settle(signal: AbortSignal, options?: PassOptions): Promise<PassOutcome>;
  /** `settle`, then `report`. */
  sync(signal: AbortSignal, request?: ResyncRequest): Promise<ResyncResult>;
  /** Since when maintenance is on, and how much traffic there is: takes some seconds. */
  maintenance(signal: AbortSignal): Promise<MaintenanceStatus>;
  /** Stores that maintenance is on or off, and makes a pass. */
  setMaintenance(on: boolean, signal: AbortSignal, options?: MaintenanceOptions): Promise<MaintenanceResult>;
  /** Disables or enables one session on this node, and makes a pass. */
  switchSession(request: SwitchRequest): Promise<SwitchResult>;
  /** Explains the session or mesh peer that a word names. */
  explain(subject: string, signal: AbortSignal): Promise<Explained>;
  /** Explains the routes to an address or prefix. Throws `TargetError` for what is neither. */
  explainRoute(to: string, signal: AbortSignal): Promise<RouteExplanation>;
  foresee(): Promise<Prospect>;
  /** What the next pass would do, by what the control plane last said. Changes nothing. */
  plan(): Promise<PlanDocument>;
  /** Restarts BIRD without the loss of a route. */
  restartBird(signal: AbortSignal): Promise<BirdRestart>;
  /** What happened on the node. */
  events(request: EventsRequest): Promise<EventsAnswer>;
  /** How one session or mesh peer was. Throws `TargetError` for a word that does not mean one. */
  history(request: HistoryRequest): Promise<HistoryAnswer>;
  /** Lists what `adopt` would take: compares a normal plan with an adopting plan. Changes nothing. */
  adoption(): Promise<Adoption>;
  /** Fetches all, and makes a pass that adopts what is in doubt, even where that resets sessions. */
  adopt(signal: AbortSignal): Promise<ResyncResult>;
  status(): NodeStatus;
  readonly operations: Operations;
}

interface PassOptions {
  /** A list that leaves out many running sessions is believed at once. */
  readonly force?: boolean;
  /** Adopts what is in doubt, even where that resets sessions. */
  readonly adopt?: boolean;
  /** Marks of the sessions and mesh peers whose pending BGP options apply now, which resets them. */
  readonly reset?: ReadonlySet<string>;
  /** However many updates of sessions there are, all are posted. */
  readonly all?: boolean;
}

/** What an operator asks of a resync. */
interface ResyncRequest {
  readonly force?: boolean | undefined;
  /** A session or an iBGP protocol whose pending BGP options apply now. */
  readonly reset?: string | undefined;
}

/** `withTraffic` (default true): measures the traffic that is left, which takes some seconds. */
type MaintenanceOptions = Partial<Pick<MaintenanceRequest, 'withTraffic'>>;

interface PassOutcome {
  readonly changes: readonly string[];
  readonly errors: readonly string[];
}

export function createAgent(given: AgentContext, state: NodeState): Agent {
  const context = { ...given, host: limitHost(given.host) };
  const { controlPlane, host, memory, facts } = context;
  const progress = openProgress(host.clock, () => {
    if (whyStuck() === undefined) context.onProgress();
  });
  const inTurn = pLimit(1);
  const exclusive: Exclusive = (task) => inTurn(() => progress.task(task));
  const call = accountedCalls(state, context);
  const parts = { context, state, call };
  const stepCall: Call = Object.assign(
    (name: string, signal: AbortSignal, task: CallTask) =>
      progress.step(name, () => call(name, signal, task)),
    { forget: call.forget },
  );
  const refusedRoutes = openRefusedRoutes(context, state);
  const updates = createUpdates(context, stepCall, {
    isMissed: () => state.callErrors.has('POST heartbeat'),
    post: (each) => postHeartbeat({ ...parts, call: each }, whyStuck(), context.cutOff),
  });
  const watch = watchControlPlane(parts);
  /** What the last pass was made of; undefined where it failed. */
  let passedOver: NodeState['snapshot'] | undefined;
  const passContext = {
    ...context,
    host: limitHost(given.host, progress.step),
    watch: {
      ...watch,
      answers: (signal: AbortSignal) =>
        progress.step('asking the control plane whether it still answers', () => watch.answers(signal)),
    },
  };
  // The look makes an overdue pass; this much later the look has failed, too.
  const longestGapMs = 2 * context.passIntervalMs + 120_000;
  const whyStuck = () => whyNoProgress(progress.now, host.clock.monotonic(), longestGapMs);

  const refresh: Agent['refresh'] = (wanted, signal) => fetchParts(wanted, parts, signal);
  const heartbeat = (signal: AbortSignal) => postHeartbeat(parts, whyStuck(), signal);
  const meshStatus = (signal: AbortSignal) => postMeshStatus(parts, signal);

  async function pass({
    force = false,
    all = false,
    adopt = false,
    reset,
  }: PassOptions = {}): Promise<PassOutcome> {
    return exclusive(async () => {
      const beganMs = host.clock.monotonic();
      let done: PassResult | undefined;
      try {
        await reviewList();
        const { snapshot } = state;
        passedOver = undefined;
        const result = await reconcile(passContext, snapshot, context.cutOff, {
          believeList: force,
          adopt,
          ...(reset && { reset }),
        });
        done = result;
        const former = state.lastPass;
        state.lastPass = result;
        passedOver = snapshot;
        state.passError = undefined;
        state.recentChanges = withChangesOf(state.recentChanges, result);
        progress.passEnds(true);
        logPass(result, former, state.snapshot, context);
        noteSeen();
        if (result.reports.length === 0) call.forget('POST modify');
        // Other nodes wait for a new key, and posting many sessions takes long.
        const greet = changesOf(result.plan.changes, 'create-key-pair').length > 0;
        const postErrors = await updates.post(result.reports, {
          greet,
          all,
          verdicts: result.verdicts,
        });
        const endpointErrors = await tellObservedEndpoints(parts, result);
        return {
          changes: describePass(result),
          errors: [...errorsOf(result), ...postErrors, ...endpointErrors],
        };
      } catch (error) {
        if (context.cutOff.aborted) throw error;
        state.passError = `the agent cannot read or change the system: ${wordsOf(error)}`;
        progress.passEnds(false);
        return { changes: [], errors: [state.passError] };
      } finally {
        context.logOnChange('pass', state.passError);
        context.logOnChange('state', memory.problem);
        context.onPass(passWork(done, host.clock.monotonic() - beganMs));
      }
    });
  }

  const tellUps = openUpWatch(state, host.clock, context.log);

  function noteSeen(): void {
    context.history.note(state);
    tellUps();
  }

  /** A session that an edit queued again is set up again at once, without the pauses after earlier failures. */
  async function reviewList(): Promise<void> {
    const { sessions } = state.snapshot;
    if (!sessions) return;
    const asked = new Set(await updates.review(sessions, state.sessionsAskedMs));
    const isAsked = (owner: Owner) => owner.kind === 'session' && asked.has(owner.uuid);
    const backoffs = [...memory.current.backoffs].filter(([owner]) => !isAsked(owner));
    if (asked.size > 0) memory.note({ backoffs: new OwnerMap(backoffs) });
  }

  const operations = openOperations({
    ...context,
    state,
    exclusive,
    pass: async () => {
      await forgive();
      return pass();
    },
  });

  async function report(signal: AbortSignal): Promise<PassOutcome> {
    if (!state.lastPass) return nothingDone;
    const nowMs = host.clock.monotonic();
    state.lastReportMs = nowMs;
    const withNodes = isNodeRttDue(state, nowMs);
    const loopbacks = withNodes ? loopbackTargets(state) : [];
    const tierChanged = await measure(parts, state.lastPass, signal, loopbacks);
    // Read now: the next pass pings without these addresses.
    const rtts = nodeRtts(state);
    context.history.note(state);
    operations.probes.note();
    await refusedRoutes.note(signal);
    const passed = tierChanged ? await pass() : nothingDone;
    if (signal.aborted) return passed;
    const errors = await call('POST report', signal, () =>
      controlPlane.postReport(sessionMetrics(state), signal),
    );
    // Due again at once: otherwise `status` names the failure until the next report, although all is well again.
    if (errors.length > 0) state.lastReportMs = undefined;
    const rttErrors = withNodes && !signal.aborted ? await postNodeRtts(parts, rtts, nowMs, signal) : [];
    return joined(passed, { changes: [], errors: [...errors, ...rttErrors] });
  }

  /** Whoever asks for a retry knows more than the agent. */
  async function forgive(): Promise<void> {
    const { rejected, cutOffs } = memory.current;
    await memory.update({ rejected: tryAgain(rejected), cutOffs: tryCutOffsAgain(cutOffs) });
  }

  async function settle(signal: AbortSignal, options: PassOptions = {}): Promise<PassOutcome> {
    // Whoever asks for it now does not want to wait for the end of a pause.
    memory.note({ backoffs: new OwnerMap() });
    controlPlane.endPause();
    updates.forgetPauses();
    const fetchErrors = await refresh(['birdConfig', 'mesh', 'sessions'], signal);
    const { changes, errors } = await pass(options);
    const postErrors = [await heartbeat(signal), await meshStatus(signal)].flat();
    return { changes, errors: [...fetchErrors, ...errors, ...postErrors] };
  }

  const between = openLook({ host, state });

  async function repairIfDue(): Promise<void> {
    const { beganMs, endedMs = beganMs, running } = progress.now;
    if (running) return;
    const lost = between.takeLost();
    if (lost !== undefined) context.log.info(`${lost}; the agent starts a pass now`);
    const isOverdue = host.clock.monotonic() - endedMs > context.passIntervalMs + lateMs;
    if (lost !== undefined || isOverdue || updates.areDue()) await pass();
  }

  function nextPassSeconds(): number {
    const { beganMs, endedMs = beganMs } = progress.now;
    return Math.max(0, endedMs + context.passIntervalMs - host.clock.monotonic()) / 1000;
  }

  const prospect = () => exclusive(() => foresee(passContext, state.snapshot, context.cutOff));

  const operator = { ...context, state, exclusive, pass: () => pass() };

  return {
    refresh,
    pass: () => pass(),
    passIfNews: async () => {
      if (state.snapshot !== passedOver) await pass();
    },
    report,
    look: async (signal) => {
      context.logOnChange('progress', whyStuck());
      const before = state.lastPass;
      await between.look(signal);
      noteSeen();
      if (state.lastPass !== before) context.onLook();
      if (progress.now.running === undefined && whyStuck() === undefined) context.onProgress();
    },
    repairIfDue,
    reportIfDue: async (signal) => {
      // A tenth is slack for the jitter of the loop.
      const { lastReportMs = Number.NEGATIVE_INFINITY } = state;
      if (host.clock.monotonic() - lastReportMs >= context.reportIntervalMs * 0.9) await report(signal);
    },
    meshStatus,
    heartbeat,
    settle,
    sync: async (signal, { force = false, reset: word } = {}) => {
      const reset = word === undefined ? new Set<string>() : marksNamed(state, word);
      if (typeof reset === 'string') return { ok: false, changes: [], errors: [reset] };
      await forgive();
      const { changes, errors } = joined(
        await settle(signal, { force, reset, all: true }),
        await report(signal),
      );
      return { ok: errors.length === 0, changes, errors };
    },
    maintenance: (signal) => maintenanceStatus(context, state.snapshot.sessions, signal),
    setMaintenance: (on, signal, { withTraffic = true } = {}) =>
      setMaintenance(operator, { on, withTraffic }, signal),
    switchSession: (request) => switchSession(operator, request),
    explain: (subject, signal) =>
      explain({ ...context, state, probes: operations.probes, nextPassSeconds }, subject, signal),
    explainRoute: (to, signal) => explainRoute({ host, state }, to, signal),
    restartBird: (signal) =>
      exclusive(async () => {
        const result = await restartBird(host, signal);
        const { level, text } = describeBirdRestart(result);
        context.log[level](text, { kind: 'restart' });
        return result;
      }),
    events: async (request) => selectEvents(await context.events.read(), request),
    history: (request) => history({ ...context, state }, request),
    foresee: prospect,
    plan: async () => describePlan(await prospect(), { diff: true }),
    adoption: () =>
      exclusive(async () => {
        const look = (adopt: boolean) => foresee(passContext, state.snapshot, context.cutOff, { adopt });
        return adoptionOf(await look(false), await look(true));
      }),
    adopt: async (signal) => {
      await forgive();
      const { changes, errors } = await settle(signal, { adopt: true });
      return { ok: errors.length === 0, changes, errors };
    },
    status: () =>
      nodeStatus(state, memory.current, {
        version: facts.version,
        pid: facts.pid,
        node: context.settings.nodeName,
        apiUrl: facts.apiUrl,
        uptimeSeconds: Math.floor(facts.uptimeSeconds()),
        nowSeconds: Math.floor(host.clock.now() / 1000),
        stateProblem: memory.problem,
        refusedUpdates: updates.refused(),
        updatesWaiting: updates.waiting(),
        configNotes: context.configNotes(),
        rttsOf: (uuid) => context.history.rtts(subjectKey({ session: { uuid } }), mostRtts),
        history: context.history.size(),
        pass: { ...passAges(progress.now, host.clock.monotonic()), problem: whyStuck() },
      }),
    operations,
  };
}

/** As many as `status` draws. */
const mostRtts = 20;

/** A loop waits for the control plane before its pass, but at most this long. */
const lateMs = 30_000;

const nothingDone: PassOutcome = { changes: [], errors: [] };

function joined(a: PassOutcome, b: PassOutcome): PassOutcome {
  return { changes: [...a.changes, ...b.changes], errors: [...new Set([...a.errors, ...b.errors])] };
}
