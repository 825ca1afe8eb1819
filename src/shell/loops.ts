import type { Agent } from './agent.js';
import type { Loop } from './loop.js';

export interface Intervals {
  readonly lookMs: number;
  readonly sessionsMs: number;
  readonly heartbeatMs: number;
  readonly meshMs: number;
  readonly birdConfigMs: number;
}

/** What a daemon does again and again beside its heartbeat and its looks; each round stands for itself. */
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
        await agent.pass();
        await agent.meshStatus(signal);
      },
    },
    {
      name: 'bird-config',
      intervalMs: intervals.birdConfigMs,
      run: async (signal) => {
        await agent.refresh(['birdConfig'], signal);
        await agent.pass();
      },
    },
  ];
}

/** The look goes on while a pass hangs, and says so; the repairs that it finds due wait for their turn. */
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
