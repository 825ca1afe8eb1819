import type { Handler } from 'hono';
import { parseDnsQuestion } from '../core/lookups/dns-question.js';
import { capRoutes, pathsOf } from '../core/lookups/route-text.js';
import { parseHostTarget, parseRouteTarget, parseTcpTarget } from '../core/lookups/target.js';
import type { Operations } from '../shell/operations/operations.js';
import type { Tools } from '../shell/ports/tools.js';
import { toolBody, toolResult } from './answers.js';
import { HttpError, type Route, readBody } from './server.js';
import { openTurns } from './turns.js';

/** In total below the caller's limit of 15 s. */
const waitMs = 4_000;
const limitMs = 10_000;

const summaries: Readonly<Record<string, string>> = {
  '/ping': 'Pings an address or a name',
  '/tcping': 'Opens a TCP connection to `host:port`',
  '/trace': 'Traces the way to an address or a name',
  '/dig': "Asks DN42's resolver for `name [type]`",
  '/route': "BIRD's routes to an address, a prefix or a name",
  '/path': "Only the AS paths of BIRD's routes",
};

/** Reads a target for a tool. Throws `TargetError` for an invalid one, before anything runs. */
type Tool = (target: string) => (signal: AbortSignal) => Promise<string>;

/** `POST /ping` and the others: `{"target"}` → `{"result": "plain text"}`, a few at a time, cut off when the caller hangs up. */
export function toolRoutes(tools: Tools, operations: () => Operations): readonly Route[] {
  const inTurn = openTurns({ running: 4, waiting: 8, waitMs, perMinute: 120 });
  const lookUp =
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
  const all: Readonly<Record<string, Tool>> = {
    '/ping': (text) => bind(tools.ping, parseHostTarget(text)),
    '/tcping': (text) => bind(tools.tcping, parseTcpTarget(text)),
    '/trace': (text) => bind(tools.trace, parseHostTarget(text)),
    '/dig': (text) => bind(tools.dig, parseDnsQuestion(text)),
    '/route': lookUp(capRoutes),
    '/path': lookUp((lines) => capRoutes(pathsOf(lines))),
  };
  const handler =
    (tool: Tool): Handler =>
    async (context) => {
      const run = tool((await readBody(context, toolBody)).target);
      const { signal } = context.req.raw;
      return context.json({ result: await inTurn(signal, () => limited(run, signal)) });
    };
  return Object.entries(all).map(([path, tool]) => ({
    method: 'POST',
    path,
    told: { summary: summaries[path] ?? path, request: toolBody, answer: toolResult },
    handler: handler(tool),
  }));
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
