import { z } from 'zod';
import { listSome } from '../../core/model/list-some.js';
import { establishedNames, type ObservedBird } from '../../core/model/observed.js';
import { wordsOf } from '../../core/model/words-of.js';
import type { Host } from '../ports/host.js';

const count = z.number();
const texts = z.array(z.string()).readonly();

/** What a graceful restart of BIRD did, and what was lost in it. */
export const birdRestart = z.object({
  ok: z.boolean().describe('nothing was lost'),
  errors: texts,
  version: z
    .object({ before: z.string(), after: z.string() })
    .optional()
    .describe('of BIRD; absent where it does not answer'),
  sessions: z.object({ before: count, after: count, lost: texts }).optional(),
  routes: z
    .object({
      before: count,
      fewest: count.describe('at any of the looks in between, four a second'),
      after: count,
      lost: count.describe('those of before that are not there after'),
    })
    .optional()
    .describe("in the kernel's main tables"),
  seconds: count.optional().describe("until all sessions were up again and BIRD's recovery was over"),
});

export type BirdRestart = z.output<typeof birdRestart>;

const pollMs = 250;
/** Neighbors keep our routes for 120 s by default (RFC 4724). */
const sessionsWithinMs = 150_000;
/** BIRD ends its recovery after 60 s by the shipped configuration, and after 240 s by itself. */
const recoveryWithinMs = 260_000;
/** The kernel's routes are swept after the recovery, at the protocols' next scan. */
const settleMs = 3_000;

type Parts = Pick<Host, 'bird' | 'kernelRoutes' | 'clock'>;

/**
 * Restarts BIRD without the loss of a route, and watches that none is lost. Resolves also where something is wrong: `errors` say
 * what. While it runs no pass may be made: a load that BIRD gets in its recovery ends that for the sessions that it changes.
 */
export async function restartBird(
  { bird, kernelRoutes, clock }: Parts,
  signal: AbortSignal,
): Promise<BirdRestart> {
  const before = await bird.observe(signal);
  const problem = whyNot(before);
  if (problem !== undefined || !before.running) return failed([problem ?? '']);
  const wanted = establishedNames(before);
  const routesBefore = await routeLines();
  const startedMs = clock.monotonic();
  const watch = watchRoutes();
  const errors: string[] = [];
  try {
    const restarted = await bird.restartDaemon(signal);
    if (restarted.kind === 'not-begun') {
      await watch.stop();
      return failed([restarted.reason]);
    }
  } catch (error) {
    errors.push(wordsOf(error));
  }
  const after = errors.length === 0 ? await untilBack() : await bird.observe();
  const tookMs = clock.monotonic() - startedMs;
  await clock.sleep(settleMs);
  const fewest = await watch.stop();
  const routesAfter = new Set(await routeLines());
  if (!after.running) return failed([...errors, `BIRD does not answer: ${after.reason}`]);
  const up = new Set(establishedNames(after));
  const lost = wanted.filter((name) => !up.has(name));
  const lostRoutes = routesBefore.filter((line) => !routesAfter.has(line)).length;
  if (lost.length > 0)
    errors.push(`not Established again: ${listSome(lost, 10)}; see birdc show protocols all ${lost[0]}`);
  return {
    ok: errors.length === 0 && lostRoutes === 0,
    errors,
    version: { before: before.version, after: after.version },
    sessions: { before: wanted.length, after: wanted.length - lost.length, lost },
    routes: { before: routesBefore.length, fewest, after: routesAfter.size, lost: lostRoutes },
    seconds: Math.round(tookMs / 100) / 10,
  };

  async function untilBack(): Promise<ObservedBird> {
    for (;;) {
      const seen = await bird.observe();
      const up = new Set(establishedNames(seen));
      const tookMs = clock.monotonic() - startedMs;
      const isBack = wanted.every((name) => up.has(name)) || tookMs > sessionsWithinMs;
      const isOver = (seen.running && !seen.recovering) || tookMs > recoveryWithinMs;
      if ((isBack && isOver) || signal.aborted) return seen;
      await clock.sleep(pollMs);
    }
  }

  /** The default route and the machine's own are among them; they are there before and after. */
  async function routeLines(): Promise<string[]> {
    const text = await kernelRoutes.snapshot();
    return [...new Set(text.split('\n').filter((line) => line.trim() !== ''))];
  }

  function watchRoutes(): { stop(): Promise<number> } {
    let fewest = routesBefore.length;
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        fewest = Math.min(fewest, (await routeLines()).length);
        await clock.sleep(pollMs);
      }
    })();
    return {
      stop: async () => {
        isOver = true;
        await watching;
        return fewest;
      },
    };
  }
}

/** The restart as one line of the log. */
export function describeBirdRestart({ ok, errors, sessions, routes, seconds }: BirdRestart): {
  readonly level: 'info' | 'warn';
  readonly text: string;
} {
  const counts =
    sessions && routes
      ? `${sessions.after} of ${sessions.before} sessions are Established again, ${routes.lost === 0 ? 'no route' : `${routes.lost} routes`} of the kernel lost`
      : undefined;
  const took = seconds === undefined ? '' : ` within ${seconds} s`;
  const what = ok ? 'an operator restarted BIRD' : 'an operator had BIRD restarted, and not all went well';
  const text = [what + took, counts, ...errors].filter(Boolean).join(': ');
  return { level: ok ? 'info' : 'warn', text };
}

function whyNot(bird: ObservedBird): string | undefined {
  if (!bird.running) return `BIRD does not answer, so there is nothing to restart: ${bird.reason}`;
  if (bird.undoSeconds !== undefined)
    return `a configuration is on trial in BIRD (configure timeout), and BIRD would forget it: confirm or undo it first (birdc configure confirm, birdc configure undo)`;
  if (bird.recovering) return 'BIRD is still in the recovery of its last restart; try again in a minute';
  return undefined;
}

function failed(errors: readonly string[]): BirdRestart {
  return { ok: false, errors };
}
