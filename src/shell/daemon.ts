import type { Agent } from './agent.js';
import {
  type AnswerOf,
  type Handlers,
  type OperationName,
  operationNames,
  operationOf,
  type RequestOf,
} from './daemon-api.js';
import { heartbeatLoop, type Intervals, type Loop, lookLoops, loopsOf, runLoop } from './loops.js';
import type { Operations } from './operations/operations.js';
import type { Clock } from './ports/host.js';
import type { NodeStatus } from './status/status.js';
import type { AgentContext } from './talk/agent-context.js';
import { bootstrapPatiently, type Start } from './talk/bootstrap.js';

/** What others can ask of the daemon. All but `status` and `resync` throw while the agent starts. */
export interface Service extends Handlers {
  status(): NodeStatus;
  /** Undefined while the agent is starting. */
  operations(): Operations | undefined;
}

/** `onProgress` hears of each attempt to get the bootstrap configuration that ends. */
export interface DaemonContext
  extends Pick<AgentContext, 'controlPlane' | 'log' | 'logOnChange' | 'onProgress'> {
  readonly clock: Clock;
  readonly intervals: Intervals;
  readonly random: () => number;
  /** The status before the agent exists. */
  startingStatus(): NodeStatus;
  /** Opens the sockets. Resolves to the function that closes them; throws where another daemon runs. */
  serve(service: Service): Promise<() => Promise<void>>;
  openAgent(start: Start): Promise<Agent>;
  /** Tells the service manager that the sockets are open. */
  ready(): Promise<void>;
}

/** Runs until `stop` fires. Leaves the network unchanged. */
export async function runDaemon(context: DaemonContext, stop: AbortSignal): Promise<void> {
  let agent: Agent | undefined;
  const requests = openRequests(stop);
  const close = await context.serve({
    ...handlersOf((name, request) => requests.serve(async () => answer(agent, name, request, stop))),
    status: () => agent?.status() ?? context.startingStatus(),
    operations: () => agent && requests.serving(agent.operations),
  });
  try {
    await context.ready();
    const start = await bootstrapPatiently(context, stop);
    agent = await context.openAgent(start);
    await live(agent, start, context, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    // A pass that others asked for ends before the daemon does, and before the next daemon may start.
    await requests.done();
    await close();
  }
}

const notYet = 'the agent is starting and does not know its configuration yet';

function handlersOf(
  handle: <N extends OperationName>(name: N, request: RequestOf<N>) => Promise<AnswerOf<N>>,
): Handlers {
  const entries = operationNames.map((name) => [name, (request: never) => handle(name, request)]);
  return Object.fromEntries(entries);
}

function answer<N extends OperationName>(
  agent: Agent | undefined,
  name: N,
  request: RequestOf<N>,
  stop: AbortSignal,
): AnswerOf<N> | Promise<AnswerOf<N>> {
  const { run, whileStarting } = operationOf(name);
  if (agent) return run(agent, request, stop);
  if (whileStarting) return whileStarting(notYet);
  throw new Error(notYet);
}

/** The heartbeat does not wait for the first round; the other loops do not wait for the first report and its pings. */
async function live(agent: Agent, start: Start, context: DaemonContext, stop: AbortSignal): Promise<void> {
  const { log, intervals } = context;
  const loop = (each: Loop) =>
    runLoop(each, { ...context, onError: (name, error) => onError(`${name} loop`, error) }, stop);
  const rest = async () => {
    await firstRound(agent, start, stop).catch((error) => onError('first round', error));
    if (stop.aborted) return;
    log.info('running');
    const firstReport = agent.report(stop).catch((error) => onError('first report', error));
    await Promise.all([firstReport, ...loopsOf(agent, intervals).map(loop)]);
  };
  const beside = [heartbeatLoop(agent, intervals), ...lookLoops(agent, intervals)];
  await Promise.all([...beside.map(loop), rest()]);

  function onError(name: string, error: unknown): void {
    if (stop.aborted) return;
    log.error(`the ${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

/** Without a control plane the node still comes up with its stored configuration. */
async function firstRound(agent: Agent, start: Start, stop: AbortSignal): Promise<void> {
  if (!start.answered) await agent.pass();
  await agent.settle(stop);
}

/** Operations that others asked for and that still run. */
interface Requests {
  /** Runs one. Throws once the daemon is to stop. */
  serve<T>(task: () => Promise<T>): Promise<T>;
  /** The same for operations that change the system. */
  serving(operations: Operations): Operations;
  /** Resolves when none runs. Never throws. */
  done(): Promise<unknown>;
}

function openRequests(stop: AbortSignal): Requests {
  const underWay = new Set<Promise<unknown>>();

  async function serve<T>(task: () => Promise<T>): Promise<T> {
    if (stop.aborted) throw new Error('the agent is stopping');
    const result = task();
    underWay.add(result);
    return result.finally(() => underWay.delete(result));
  }

  return {
    serve,
    serving: (operations) => ({
      ...operations,
      restart: (request, signal) => serve(() => operations.restart(request, signal)),
      repair: (signal) => serve(() => operations.repair(signal)),
    }),
    done: () => Promise.allSettled(underWay),
  };
}
