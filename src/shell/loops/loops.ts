import type { Agent } from '../agent.js';
import type { Loop } from './loop.js';

export interface Intervals {
  readonly sessionsMs: number;
  readonly heartbeatMs: number;
  readonly meshMs: number;
  readonly birdConfigMs: number;
}

/** What a daemon does again and again beside its heartbeat; each round stands for itself. */
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

export function heartbeatLoop(agent: Agent, { heartbeatMs }: Intervals): Loop {
  return {
    name: 'heartbeat',
    intervalMs: heartbeatMs,
    run: async (signal) => {
      await agent.heartbeat(signal);
    },
  };
}
