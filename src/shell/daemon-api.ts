import { z } from 'zod';
import { type Explained, explained } from '../core/explain/explanation.js';
import { type RouteExplanation, routeExplanation } from '../core/explain/route/route-explanation.js';
import { subjectWord } from '../core/model/peer-name.js';
import type { Agent } from './agent.js';
import {
  type EventsAnswer,
  type EventsRequest,
  eventsAnswer,
  eventsRequest,
} from './events/select-events.js';
import { type HistoryAnswer, type HistoryRequest, historyAnswer, historyRequest } from './history/answer.js';
import { type Adoption, adoption } from './operations/adopt.js';
import {
  type MaintenanceRequest,
  type MaintenanceResult,
  type MaintenanceStatus,
  maintenanceAnswer,
  maintenanceRequest,
  maintenanceStatusAnswer,
} from './operations/maintenance.js';
import { type PlanDocument, planDocument } from './operations/plan-document.js';
import { type BirdRestart, birdRestart } from './operations/restart-bird.js';
import {
  type SwitchRequest,
  type SwitchResult,
  switchAnswer,
  switchRequest,
} from './operations/switch-session.js';
import { type NodeStatus, nodeStatus, type ResyncResult, resyncResult } from './status/status.js';

/** One operation that an operator can ask of the running daemon. */
interface Operation<Request, Answer> {
  /** `GET` looks, `POST` changes something. */
  readonly method: 'GET' | 'POST';
  /** On the control socket. Never changes: the command line and the daemon may be of different versions. */
  readonly path: string;
  /**
   * The body of a `POST`, the query of a `GET` (whose values are texts). Fields that an older command line does not send have
   * defaults.
   */
  readonly request: z.ZodType<Request>;
  /** Its form, for the error that a caller with another one gets. */
  readonly requestText?: string;
  /** What it does, in a sentence without a period. */
  readonly summary: string;
  /** Its form. Further fields, and further words, of a newer daemon pass through (`readAnswer`). */
  readonly answer: z.ZodType<Answer>;
  /** How long the caller waits. */
  readonly limitMs: number;
  run(agent: Agent, request: Request, signal: AbortSignal): Answer | Promise<Answer>;
  /** The answer before the agent knows its configuration; absent: an error. */
  whileStarting?(problem: string): Answer;
}

const lookMs = 10_000;
/** A pass may take minutes. */
const passMs = 600_000;

const nothing = z.object({});

/**
 * All that the running daemon answers on its control socket. The server, the client and the commands without a daemon
 * follow from this table. Whoever can open the control socket may
 * call; the socket for readers takes only what changes nothing (`socketGroups`).
 */
const daemonApi = {
  status: operation<object, NodeStatus>({
    summary: 'Shows the node at a glance',
    method: 'GET',
    path: '/status',
    request: nothing,
    answer: nodeStatus,
    limitMs: lookMs,
    run: (agent) => agent.status(),
  }),
  explain: operation<{ readonly subject: string }, Explained>({
    summary: 'Explains one session or mesh peer',
    method: 'GET',
    path: '/explain',
    request: z.object({
      subject: subjectWord.describe('an ASN, a uuid, an interface, a BIRD protocol or a node'),
    }),
    requestText: '?subject=an ASN, a uuid, an interface, a BIRD protocol or a node',
    answer: explained,
    limitMs: 30_000,
    run: (agent, { subject }, signal) => agent.explain(subject, signal),
  }),
  explainRoute: operation<{ readonly to: string }, RouteExplanation>({
    summary: 'Explains the routes to an address or prefix',
    method: 'GET',
    path: '/explain/route',
    request: z.object({ to: subjectWord.describe('an address or a prefix') }),
    requestText: '?to=an address or a prefix',
    answer: routeExplanation,
    limitMs: 30_000,
    run: (agent, { to }, signal) => agent.explainRoute(to, signal),
  }),
  resync: operation<{ readonly force: boolean; readonly reset?: string | undefined }, ResyncResult>({
    summary: 'Fetches and reconciles now',
    method: 'POST',
    path: '/resync',
    request: z.object({
      force: z
        .boolean()
        .default(false)
        .describe('also believes a list that leaves out many running sessions'),
      reset: subjectWord.optional().describe('the session whose pending BGP options apply now'),
    }),
    requestText: '{"force": true or false, "reset": "an interface, an ASN, a uuid or a protocol"}',
    answer: resyncResult,
    limitMs: passMs,
    run: (agent, request, signal) => agent.sync(signal, request),
    whileStarting: (problem) => ({ ok: false, changes: [], errors: [problem] }),
  }),
  maintenance: operation<object, MaintenanceStatus>({
    summary: 'Whether traffic is led away, and how much is left; measures for some seconds',
    method: 'GET',
    path: '/maintenance',
    request: nothing,
    answer: maintenanceStatusAnswer,
    limitMs: lookMs,
    run: (agent, _, signal) => agent.maintenance(signal),
  }),
  setMaintenance: operation<MaintenanceRequest, MaintenanceResult>({
    summary: 'Leads traffic away from this node, or back',
    method: 'POST',
    path: '/maintenance',
    request: maintenanceRequest,
    requestText: '{"on": true} or {"on": false}',
    answer: maintenanceAnswer,
    limitMs: passMs,
    run: (agent, { on, withTraffic }, signal) => agent.setMaintenance(on, signal, { withTraffic }),
  }),
  switchSession: operation<SwitchRequest, SwitchResult>({
    summary: 'Disables or enables one session on this node',
    method: 'POST',
    path: '/session',
    request: switchRequest,
    requestText: '{"session": "an interface, an ASN or a uuid", "to": "disabled" or "enabled"}',
    answer: switchAnswer,
    limitMs: passMs,
    run: (agent, request) => agent.switchSession(request),
  }),
  restartBird: operation<object, BirdRestart>({
    summary: 'Restarts BIRD without the loss of a route, as after an upgrade of BIRD',
    method: 'POST',
    path: '/bird/restart',
    request: nothing,
    answer: birdRestart,
    limitMs: passMs,
    run: (agent, _, signal) => agent.restartBird(signal),
  }),
  events: operation<EventsRequest, EventsAnswer>({
    summary: 'What happened on the node, also before this agent started',
    method: 'GET',
    path: '/events',
    request: eventsRequest,
    requestText: '?sinceSeconds=UNIX-TIME&session=an interface, an ASN or a uuid; both may be left out',
    answer: eventsAnswer,
    limitMs: lookMs,
    run: (agent, request) => agent.events(request),
  }),
  plan: operation<object, PlanDocument>({
    summary: 'What the next pass would do, by the last answers of the control plane, with the texts of files',
    method: 'GET',
    path: '/plan',
    request: nothing,
    answer: planDocument,
    limitMs: 30_000,
    run: (agent) => agent.plan(),
  }),
  history: operation<HistoryRequest, HistoryAnswer>({
    summary: 'How one session or mesh peer was over the last hours or days',
    method: 'GET',
    path: '/history',
    request: historyRequest,
    requestText: '?session=an ASN, a uuid, an interface, a BIRD protocol or a node&hours=1 to 720',
    answer: historyAnswer,
    limitMs: lookMs,
    run: (agent, request) => agent.history(request),
  }),
  adoption: operation<object, Adoption>({
    summary: 'What `adopt` would take',
    method: 'GET',
    path: '/adopt',
    request: nothing,
    answer: adoption,
    limitMs: lookMs,
    run: (agent) => agent.adoption(),
  }),
  adopt: operation<object, ResyncResult>({
    summary: 'Adopts what is in doubt, even where that resets sessions',
    method: 'POST',
    path: '/adopt',
    request: nothing,
    answer: resyncResult,
    limitMs: passMs,
    run: (agent, _, signal) => agent.adopt(signal),
  }),
};

/**
 * Who else than root and the daemon's own user may open the sockets: the members of these groups, where the machine has them. Others may pass
 * through the directory and see nothing in it.
 */
export const socketGroups = { read: 'moenet-agent', change: 'moenet-admin' } as const;
export const runtimeDirMode = 0o751;

export type OperationName = keyof typeof daemonApi;
export type RequestOf<N extends OperationName> = Types[N]['request'];
export type AnswerOf<N extends OperationName> = Types[N]['answer'];

/** Each operation as a function, as the daemon has it. */
export type Handlers = {
  readonly [N in OperationName]: (request: RequestOf<N>) => AnswerOf<N> | Promise<AnswerOf<N>>;
};

type Types = {
  readonly [N in OperationName]: (typeof daemonApi)[N] extends Operation<infer Request, infer Answer>
    ? { readonly request: Request; readonly answer: Answer }
    : never;
};

/** The row of one operation, for code that works on any. */
export function operationOf<N extends OperationName>(name: N): Operation<RequestOf<N>, AnswerOf<N>> {
  return daemonApi[name] as unknown as Operation<RequestOf<N>, AnswerOf<N>>;
}

export const operationNames = Object.keys(daemonApi) as readonly OperationName[];

function operation<Request, Answer>(row: Operation<Request, Answer>): Operation<Request, Answer> {
  return row;
}
