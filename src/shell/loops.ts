import type { Agent } from './agent.js';
import type { Clock } from './ports/host.js';

export interface Intervals {
  readonly lookMs: number;
  readonly sessionsMs: number;
  readonly heartbeatMs: number;
  readonly meshMs: number;
  readonly birdConfigMs: number;
}

/** The daemon's regular work besides heartbeats and looks; each round stands alone. */
export function loopsOf(agent: Agent, intervals: Intervals): Loop[] {
  return [
    {
      name: 'sessions',
      intervalMs: intervals.sessionsMs,
      run: async (signal) => {
        await agent.refresh(['sessions'], signal);
        await agent.pass();
        await agent.reportIfDue(signal);
      },
    },
    {
      name: 'mesh',
      intervalMs: intervals.meshMs,
      run: async (signal) => {
        await agent.refresh(['mesh'], signal);
        await agent.passIfNews();
        await agent.meshStatus(signal);
      },
    },
    {
      name: 'bird-config',
      intervalMs: intervals.birdConfigMs,
      run: async (signal) => {
        await agent.refresh(['birdConfig'], signal);
        await agent.passIfNews();
      },
    },
  ];
}

/** The look also runs, and reports, while a pass hangs; the repairs that it finds wait for their turn. */
export function lookLoops(agent: Agent, { lookMs }: Intervals): Loop[] {
  return [
    { name: 'look', intervalMs: lookMs, run: (signal) => agent.look(signal) },
    { name: 'repair', intervalMs: Math.min(lookMs, 1_000), run: () => agent.repairIfDue() },
  ];
}

export function heartbeatLoop(agent: Agent, { heartbeatMs }: Intervals): Loop {
  return {
    name: 'heartbeat',
    intervalMs: heartbeatMs,
    run: async (signal) => {
      await agent.heartbeat(signal);
    },
  };
}

/** Work that a loop repeats. */
export interface Loop {
  readonly name: string;
  readonly intervalMs: number;
  run(signal: AbortSignal): Promise<void>;
}

export interface LoopContext {
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  onError(name: string, error: unknown): void;
}

/**
 * Runs a loop until the signal fires, at every interval plus or minus a tenth, so that the nodes of a network do not
 * all ask at the same moment. A round that throws goes to `onError`, and the next round follows as usual.
 */
export async function runLoop(loop: Loop, context: LoopContext, stop: AbortSignal): Promise<void> {
  const { clock, random, onError } = context;
  while (!stop.aborted) {
    await clock.sleep(loop.intervalMs * (0.9 + 0.2 * random()), stop);
    if (stop.aborted) return;
    await loop.run(stop).catch((error: unknown) => {
      if (!stop.aborted) onError(loop.name, error);
    });
  }
}
