import { z } from 'zod';
import { trouble } from '../verdict/trouble-kind.js';

const text = z.string();
const texts = z.array(text).readonly();
const count = z.number();

const fact = z
  .object({ what: text, value: text, why: text.optional().describe('where it comes from, or what it means') })
  .describe('such as `MTU` `1420`');
const facts = z.array(fact).readonly();

const difference = z.object({
  change: text.describe('the change that would end it'),
  why: text,
  waits: text
    .optional()
    .describe('why the agent does not make it now; absent where it is made in the next pass'),
});

const recentChange = z.object({
  atSeconds: count.describe('Unix time in seconds of the pass'),
  change: text,
  why: text,
  failed: text.optional().describe('why it failed; absent where the pass has read back that it is done'),
});

const refusedGroup = z.object({
  reason: count
    .optional()
    .describe('in the large community (our AS, 9002, reason); absent where the route has none'),
  words: text,
  count,
  examples: texts,
});

const protocol = z.object({
  name: text,
  state: text.describe('`Established`, `Connect`, `not running`, ...'),
  stateWords: text,
  since: text.optional(),
  lastError: text.optional(),
  lastErrorWords: text.optional().describe('the last error in words'),
  timers: texts.describe("BIRD's own timers, such as the time until it dials again"),
  capabilities: z
    .object({ both: texts, onlyUs: texts, onlyNeighbor: texts })
    .optional()
    .describe('what both ends offer (RFC 5492); absent while it is not Established'),
});

const rtt = z.object({
  target: text,
  lastMs: count.optional(),
  loss: count.optional().describe('0 to 1'),
  tier: count.optional(),
  averageMs: count.optional(),
  history: z
    .array(z.object({ atSeconds: count, rttMs: count.optional().describe('absent where nothing answered') }))
    .readonly()
    .describe('oldest first'),
});

const summary = z
  .object({
    least: count,
    average: count,
    largest: count,
    line: z
      .array(z.number().nullable())
      .readonly()
      .describe('the means of equal parts of the time, oldest first; null where nothing is known'),
  })
  .optional();

const history = z.object({
  hours: count.describe('the last hours'),
  flaps: count.optional().describe('how often its BGP went down; absent where the events cannot be read'),
  rtt: summary.describe('in milliseconds'),
  loss: summary.describe('in percent'),
  received: summary.describe('in bytes per second'),
  sent: summary.describe('in bytes per second'),
  imported: summary.describe('routes'),
  refused: summary.describe('routes'),
  exported: summary.describe('routes'),
  up: summary.describe('the part of the time in which BGP was Established, 0 to 1'),
});

const peerAdvice = z
  .object({ symptom: text, advice: text })
  .describe('something seen here that the neighbor can change');

/** All that the agent knows of one session or mesh peer. Holds no secret. */
export const explanation = z.object({
  kind: z.enum(['session', 'mesh']),
  title: text.describe('`AS4242421080 over dn42_4242421080 (session abc-123)`'),
  name: text.describe('the interface, by which other commands name it; the uuid where it has none'),
  state: text,
  trouble: trouble.optional(),
  summary: text.describe('the verdict in a sentence'),
  controlPlane: facts.describe('what the control plane wants'),
  desired: facts.describe('what this node is to have of it'),
  observed: facts.describe('what is there'),
  protocols: z.array(protocol).readonly(),
  differences: z.array(difference).readonly().describe('what differs from what is desired'),
  changes: z.array(recentChange).readonly().describe('the last changes that the agent made, or tried'),
  rtt: rtt.optional(),
  history: z
    .array(history)
    .readonly()
    .optional()
    .describe('of the last 24 hours and of the last 30 days, as far as they are known'),
  refusedRoutes: z
    .array(refusedGroup)
    .readonly()
    .describe('the routes that the import filter refused, by reason'),
  next: texts.describe('what the agent does next, and when'),
  advice: z
    .array(peerAdvice)
    .readonly()
    .describe("what probably has to change, at the peer or in the session's row"),
  notes: texts.describe('what could not be read freshly, and how old what is shown is'),
});

const match = z.object({ name: text, title: text, state: text });

/** The answer to `explain`. */
export const explained = z.object({
  explanation: explanation.optional().describe('absent unless the word means exactly one thing'),
  matches: z.array(match).readonly().describe('what the word may mean, where it is more than one'),
  names: texts.describe('where it means nothing: what could be named, for a hint'),
});

/** One line of an explanation. */
export type Fact = z.output<typeof fact>;
export type ExplainedDifference = z.output<typeof difference>;
/** A change that the agent made, or tried, on behalf of one owner. */
export type RecentChange = z.output<typeof recentChange>;
export type RefusedGroup = z.output<typeof refusedGroup>;
export type ExplainedProtocol = z.output<typeof protocol>;
export type ExplainedRtt = z.output<typeof rtt>;
export type ExplainedHistory = z.output<typeof history>;
export type HistorySummary = NonNullable<z.output<typeof summary>>;
export type PeerAdvice = z.output<typeof peerAdvice>;
export type Explanation = z.output<typeof explanation>;
export type Explained = z.output<typeof explained>;
