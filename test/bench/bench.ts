import { wordsOf } from '../../src/core/model/words-of.js';
import { run } from '../../src/platform/exec.js';
import { type Figure, type Result, thisMachine } from './figures.js';
import { measureCold } from './measure/cold.js';
import { measureDaemon } from './measure/daemon.js';
import { measureFakes } from './measure/fakes.js';
import { measureStartUp } from './measure/start-up.js';

/** What is measured: of each part with how many sessions; an empty list leaves it out. */
export interface Plan {
  readonly startUps: number;
  readonly cold: readonly number[];
  readonly daemon: readonly number[];
  readonly fakes: readonly number[];
  /** How often a cold run with so many sessions is repeated. */
  runs(sessions: number): number;
  /** Whether the daemon begins with sessions that wait for their set-up. */
  isQueued(sessions: number): boolean;
  readonly idleSeconds: number;
  readonly passes: number;
  readonly newcomers: number;
}

export const longForm: Plan = {
  startUps: 15,
  cold: [10, 100, 300, 1000],
  daemon: [10, 100, 300],
  fakes: [100, 1000, 10_000],
  runs: (sessions) => (sessions <= 100 ? 5 : sessions <= 300 ? 3 : 1),
  isQueued: () => true,
  idleSeconds: 60,
  passes: 10,
  newcomers: 5,
};

/** In less than a minute. */
export const shortForm: Plan = {
  startUps: 5,
  cold: [10, 100],
  daemon: [10, 100],
  fakes: [100],
  runs: () => 1,
  isQueued: (sessions) => sessions <= 10,
  idleSeconds: 0,
  passes: 2,
  newcomers: 1,
};

/**
 * Measures one part after the other, and nothing beside it. A part that fails is in `failures`, and does not lose what the others have
 * measured in a quarter of an hour.
 */
export async function bench(
  plan: Plan,
  say: (words: string) => void,
): Promise<{ readonly result: Result; readonly failures: readonly string[] }> {
  const figures: Figure[] = [];
  const failures: string[] = [];
  const measure = async (words: string, part: () => Promise<readonly Figure[]>) => {
    const startedMs = Date.now();
    try {
      figures.push(...(await part()));
      say(`${words}: ${Math.round((Date.now() - startedMs) / 1000)} s`);
    } catch (error) {
      failures.push(`${words}: ${wordsOf(error)}`);
    }
  };
  const { startUps, idleSeconds, passes, newcomers } = plan;
  if (startUps > 0) await measure('start-up', () => measureStartUp(startUps));
  for (const size of plan.cold)
    await measure(`cold, ${size} sessions`, () => measureCold(size, plan.runs(size), say));
  for (const sessions of plan.daemon) {
    const isQueued = plan.isQueued(sessions);
    await measure(`daemon, ${sessions} sessions`, () =>
      measureDaemon({ sessions, isQueued, idleSeconds, passes, newcomers }, say),
    );
  }
  for (const size of plan.fakes)
    await measure(`fakes, ${size} sessions`, () => measureFakes(size, plan.runs(size)));
  return { result: { machine: await thisMachine(await tunnelsOf()), figures }, failures };
}

/** Whose tunnels the agent makes: the kernel's where it has them. */
async function tunnelsOf(): Promise<'kernel' | 'wireguard-go'> {
  const args = ['--net', 'ip', 'link', 'add', 'wg0', 'type', 'wireguard'];
  return run('unshare', args).then(
    () => 'kernel',
    () => 'wireguard-go',
  );
}
