import type { Agent } from './agent.js';
import { bootstrapPatiently, type Start } from './bootstrap.js';
import { runLoop } from './loops/loop.js';
import { type Intervals, loopsOf } from './loops/loops.js';
import type { Clock, ControlPlane, Log, LogOnChange } from './ports.js';
import type { NodeStatus, ResyncResult } from './status.js';

/** What others can ask of the daemon. */
export interface Service {
  status(): NodeStatus;
  resync(): Promise<ResyncResult>;
}

export interface DaemonContext {
  readonly controlPlane: ControlPlane;
  readonly clock: Clock;
  readonly log: Log;
  readonly logOnChange: LogOnChange;
  readonly intervals: Intervals;
  readonly random: () => number;
  /** What to show before the agent is there. */
  startingStatus(): NodeStatus;
  /** Opens the sockets on which the service is had. Resolves to what closes them; throws where another daemon runs. */
  serve(service: Service): Promise<() => Promise<void>>;
  openAgent(start: Start): Promise<Agent>;
  /** Tells the service manager that others can speak with the daemon now. */
  ready(): Promise<void>;
}

/** Runs until `stop` fires. Leaves the network as it is. */
export async function runDaemon(context: DaemonContext, stop: AbortSignal): Promise<void> {
  const { log } = context;
  let agent: Agent | undefined;
  const close = await context.serve({
    status: () => agent?.status() ?? context.startingStatus(),
    resync: async () => agent?.sync(stop) ?? notYet,
  });
  try {
    await context.ready();
    const start = await bootstrapPatiently(context.controlPlane, context.clock, context.logOnChange, stop);
    agent = await context.openAgent(start);
    await firstRound(agent, start, stop);
    if (!stop.aborted) log.info('running');
    await Promise.all(
      loopsOf(agent, context.intervals).map((loop) => runLoop(loop, { ...context, onError }, stop)),
    );
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    await close();
  }

  function onError(name: string, error: unknown): void {
    log.error(`the ${name} loop failed: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

const notYet: ResyncResult = {
  ok: false,
  changes: [],
  errors: ['the agent is starting and does not know its configuration yet'],
};

/** A control plane that is away must not keep a node from coming up with what it knew before. */
async function firstRound(agent: Agent, start: Start, stop: AbortSignal): Promise<void> {
  if (!start.answered) await agent.pass();
  await agent.sync(stop);
}
