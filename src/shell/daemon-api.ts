import { z } from 'zod';
import type { Explained } from '../core/explain/explanation.js';
import type { RouteExplanation } from '../core/explain/route/route-explanation.js';
import type { Agent } from './agent.js';
import type { EventsAnswer, EventsRequest } from './events/select-events.js';
import type { Adoption } from './operations/adopt.js';
import type { MaintenanceRequest, MaintenanceResult, MaintenanceStatus } from './operations/maintenance.js';
import type { BirdRestart } from './operations/restart-bird.js';
import type { SwitchRequest, SwitchResult } from './operations/switch-session.js';
import type { NodeStatus, ResyncResult } from './status/status.js';

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
  /** The fields that the command line needs. Further fields of a newer daemon pass through. */
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

const texts = z.array(z.string());
const nothing = z.object({});
const passResult = z.looseObject({ ok: z.boolean(), changes: texts, errors: texts });
const rate = z.looseObject({ rxBytesPerSecond: z.number(), txBytesPerSecond: z.number() });
const namedRate = rate.extend({ uuid: z.string(), interface: z.string(), asn: z.number().optional() });
const traffic = rate.extend({ seconds: z.number(), largest: z.array(namedRate) });
const maintenance = z.looseObject({ on: z.boolean(), sinceSeconds: z.number().optional() });
const session = z.looseObject({ uuid: z.string(), asn: z.number(), interface: z.string() });
const count = z.number();
const birdRestart = z.looseObject({
  ok: z.boolean(),
  errors: texts,
  version: z.looseObject({ before: z.string(), after: z.string() }).optional(),
  sessions: z.looseObject({ before: count, after: count, lost: texts }).optional(),
  routes: z.looseObject({ before: count, fewest: count, after: count, lost: count }).optional(),
  seconds: count.optional(),
}) as unknown as z.ZodType<BirdRestart>;
const adoptedItem = z.looseObject({
  kind: z.enum(['interface', 'protocol', 'file']),
  name: z.string(),
  why: z.string(),
  effect: z.string(),
});

const explanation = z.looseObject({
  title: z.string(),
  name: z.string(),
  state: z.string(),
  summary: z.string(),
  controlPlane: z.array(z.looseObject({})),
});

/** The fixed parts of an explanation; its lines pass through unchecked. */
const explained = z.looseObject({
  explanation: explanation.optional(),
  matches: z.array(z.looseObject({ name: z.string(), title: z.string(), state: z.string() })),
  names: texts,
}) as unknown as z.ZodType<Explained>;

const routeExplanation = z.looseObject({
  to: z.string(),
  summary: z.string(),
  routes: z.array(z.looseObject({ network: z.string(), state: z.string(), why: z.string() })),
  roas: texts,
  targets: z.array(z.looseObject({ to: z.string(), isSent: z.boolean() })),
}) as unknown as z.ZodType<RouteExplanation>;
const subject = {
  session: z.looseObject({ uuid: z.string(), asn: count.optional(), name: z.string().optional() }).optional(),
  mesh: z.looseObject({ nodeId: count, name: z.string().optional() }).optional(),
};
/** A newer daemon may know more kinds. */
const eventsAnswer = z.looseObject({
  events: z.array(
    z.looseObject({ atMs: count, kind: z.string(), level: z.string(), text: z.string(), ...subject }),
  ),
  flaps: z.array(z.looseObject({ downs: count, ...subject })),
}) as unknown as z.ZodType<EventsAnswer>;

/** The fixed parts of a status; its rows pass through unchecked. */
const nodeStatus = z.looseObject({
  agent: z.looseObject({
    version: z.string(),
    pid: z.number(),
    node: z.string(),
    uptimeSeconds: z.number(),
  }),
  health: z.enum(['ok', 'degraded']),
  problems: texts,
  notes: texts.optional(),
  controlPlane: z.looseObject({ url: z.string(), reachable: z.boolean() }),
  bird: z.looseObject({ running: z.boolean() }),
  pass: z.looseObject({}),
  withheld: texts,
  sessions: z.array(z.looseObject({ uuid: z.string(), state: z.string() })),
  mesh: z.array(z.looseObject({ nodeId: z.number() })),
}) as unknown as z.ZodType<NodeStatus>;

/**
 * All that the running daemon answers on its control socket. The server, the client and the commands without a daemon
 * follow from this table. Whoever can open the control socket may
 * call; the socket for readers takes only what changes nothing (`socketGroups`).
 */
const daemonApi = {
  status: operation<object, NodeStatus>({
    method: 'GET',
    path: '/status',
    request: nothing,
    answer: nodeStatus,
    limitMs: lookMs,
    run: (agent) => agent.status(),
  }),
  /** Explains one session or mesh peer. */
  explain: operation<{ readonly subject: string }, Explained>({
    method: 'GET',
    path: '/explain',
    request: z.object({ subject: z.string().min(1).max(100) }),
    requestText: '?subject=an ASN, a uuid, an interface, a BIRD protocol or a node',
    answer: explained,
    limitMs: 30_000,
    run: (agent, { subject }, signal) => agent.explain(subject, signal),
  }),
  /** Explains the routes to an address or prefix. */
  explainRoute: operation<{ readonly to: string }, RouteExplanation>({
    method: 'GET',
    path: '/explain/route',
    request: z.object({ to: z.string().min(1).max(100) }),
    requestText: '?to=an address or a prefix',
    answer: routeExplanation,
    limitMs: 30_000,
    run: (agent, { to }, signal) => agent.explainRoute(to, signal),
  }),
  /**
   * Fetches and reconciles now. `force`: also believes a list that leaves out many running sessions. `reset`: the session
   * whose pending BGP options apply now.
   */
  resync: operation<{ readonly force: boolean; readonly reset?: string | undefined }, ResyncResult>({
    method: 'POST',
    path: '/resync',
    request: z.object({ force: z.boolean().default(false), reset: z.string().min(1).max(100).optional() }),
    requestText: '{"force": true or false, "reset": "an interface, an ASN, a uuid or a protocol"}',
    answer: passResult,
    limitMs: passMs,
    run: (agent, request, signal) => agent.sync(signal, request),
    whileStarting: (problem) => ({ ok: false, changes: [], errors: [problem] }),
  }),
  /** Whether traffic is led away, and how much is left; measures for some seconds. */
  maintenance: operation<object, MaintenanceStatus>({
    method: 'GET',
    path: '/maintenance',
    request: nothing,
    answer: maintenance.extend({ traffic }),
    limitMs: lookMs,
    run: (agent, _, signal) => agent.maintenance(signal),
  }),
  /** Leads traffic away from this node, or back. */
  setMaintenance: operation<MaintenanceRequest, MaintenanceResult>({
    method: 'POST',
    path: '/maintenance',
    request: z.object({ on: z.boolean(), withTraffic: z.boolean().default(true) }),
    requestText: '{"on": true} or {"on": false}',
    answer: passResult.extend({ ...maintenance.shape, traffic: traffic.optional() }),
    limitMs: passMs,
    run: (agent, { on, withTraffic }, signal) => agent.setMaintenance(on, signal, { withTraffic }),
  }),
  /** Disables or enables one session on this node. */
  switchSession: operation<SwitchRequest, SwitchResult>({
    method: 'POST',
    path: '/session',
    request: z.object({
      session: z.string().min(1).max(100),
      to: z.enum(['disabled', 'enabled']),
      now: z.boolean().default(false),
    }),
    requestText: '{"session": "an interface, an ASN or a uuid", "to": "disabled" or "enabled"}',
    answer: passResult.extend({
      session: session.optional(),
      state: z.enum(['draining', 'disabled', 'enabled']).optional(),
      drainedAtSeconds: z.number().optional(),
    }),
    limitMs: passMs,
    run: (agent, request) => agent.switchSession(request),
  }),
  /** Restarts BIRD without the loss of a route, as after an upgrade of BIRD. */
  restartBird: operation<object, BirdRestart>({
    method: 'POST',
    path: '/bird/restart',
    request: nothing,
    answer: birdRestart,
    limitMs: passMs,
    run: (agent, _, signal) => agent.restartBird(signal),
  }),
  /** What happened on the node, also before this agent started. */
  events: operation<EventsRequest, EventsAnswer>({
    method: 'GET',
    path: '/events',
    request: z.object({
      sinceSeconds: z.coerce.number().optional(),
      session: z.string().min(1).max(100).optional(),
    }),
    requestText: '?sinceSeconds=UNIX-TIME&session=an interface, an ASN or a uuid; both may be left out',
    answer: eventsAnswer,
    limitMs: lookMs,
    run: (agent, request) => agent.events(request),
  }),
  /** What `adopt` would take. */
  adoption: operation<object, Adoption>({
    method: 'GET',
    path: '/adopt',
    request: nothing,
    answer: z.looseObject({ items: z.array(adoptedItem), leftAlone: texts }),
    limitMs: lookMs,
    run: (agent) => agent.adoption(),
  }),
  /** Adopts what is in doubt, even where that resets sessions. */
  adopt: operation<object, ResyncResult>({
    method: 'POST',
    path: '/adopt',
    request: nothing,
    answer: passResult,
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
