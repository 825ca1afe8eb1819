import type { Operations } from '../shell/operations/operations.js';
import type { Tools } from '../shell/ports/tools.js';
import { toolBody, toolResult } from './answers.js';
import { type LookUps, openLookUps } from './look-ups.js';
import { type Route, readBody } from './server.js';

const summaries: Readonly<Record<`/${keyof LookUps}`, string>> = {
  '/ping': 'Pings an address or a name',
  '/tcping': 'Opens a TCP connection to `host:port`',
  '/trace': 'Traces the way to an address or a name',
  '/dig': "Asks DN42's resolver for `name [type]`",
  '/route': "BIRD's routes to an address, a prefix or a name",
  '/path': "Only the AS paths of BIRD's routes",
};

/** `POST /ping` and the others: `{"target"}` → `{"result": "plain text"}`, a few at a time, cut off when the caller hangs up. */
export function toolRoutes(tools: Tools, operations: () => Operations): readonly Route[] {
  return Object.entries(openLookUps(tools, operations)).map(([name, lookUp]) => ({
    method: 'POST',
    path: `/${name}`,
    told: { summary: summaries[`/${name as keyof LookUps}`], request: toolBody, answer: toolResult },
    handler: async (context) => {
      const { target } = await readBody(context, toolBody);
      return context.json({ result: await lookUp(target, context.req.raw.signal) });
    },
  }));
}
