import { parseDnsQuestion } from '../core/lookups/dns-question.js';
import { capRoutes, pathsOf } from '../core/lookups/route-text.js';
import { parseHostTarget, parseRouteTarget, parseTcpTarget } from '../core/lookups/target.js';
import type { Operations } from '../shell/operations/operations.js';
import type { Tools } from '../shell/ports/tools.js';
import { HttpError } from './server.js';
import { openTurns } from './turns.js';

/** In total below the caller's limit of 15 s. */
const waitMs = 4_000;
const limitMs = 10_000;

const names = ['ping', 'tcping', 'trace', 'dig', 'route', 'path'] as const;

/**
 * One look-up by a tool, as plain text; `signal` says that the caller hung up. Throws `TargetError` for an invalid target, before anything
 * runs, and `HttpError` where there are too many or there is no result in time.
 */
type LookUp = (target: string, signal: AbortSignal) => Promise<string>;
export type LookUps = Readonly<Record<(typeof names)[number], LookUp>>;

/** Reads a target for a tool. */
type Tool = (target: string) => (signal: AbortSignal) => Promise<string>;

/** The tools, a few at a time. */
export function openLookUps(tools: Tools, operations: () => Operations): LookUps {
  const inTurn = openTurns({ running: 4, waiting: 8, waitMs, perMinute: 120 });
  const routesWith =
    (render: (lines: readonly string[]) => string): Tool =>
    (text) => {
      const target = parseRouteTarget(text);
      const known = operations();
      return async (signal) => {
        const to = await tools.locate(target, signal);
        if (typeof to !== 'string') return to.words;
        const lines = await known.routes(to, signal);
        return lines.length === 0 ? `there is no route to ${to}` : render(lines);
      };
    };
  const all: Readonly<Record<keyof LookUps, Tool>> = {
    ping: (text) => bind(tools.ping, parseHostTarget(text)),
    tcping: (text) => bind(tools.tcping, parseTcpTarget(text)),
    trace: (text) => bind(tools.trace, parseHostTarget(text)),
    dig: (text) => bind(tools.dig, parseDnsQuestion(text)),
    route: routesWith(capRoutes),
    path: routesWith((lines) => capRoutes(pathsOf(lines))),
  };
  const limitedTo =
    (tool: Tool): LookUp =>
    async (target, signal) => {
      const run = tool(target);
      return inTurn(signal, () => limited(run, signal));
    };
  return Object.fromEntries(names.map((name) => [name, limitedTo(all[name])])) as LookUps;
}

function bind<T>(tool: (target: T, signal: AbortSignal) => Promise<string>, target: T) {
  return (signal: AbortSignal) => tool(target, signal);
}

async function limited(run: (signal: AbortSignal) => Promise<string>, hungUp: AbortSignal): Promise<string> {
  const timeout = AbortSignal.timeout(limitMs);
  try {
    return await run(AbortSignal.any([hungUp, timeout]));
  } catch (error) {
    if (timeout.aborted) throw new HttpError(500, `no result within ${limitMs / 1000} s`);
    throw error;
  }
}
