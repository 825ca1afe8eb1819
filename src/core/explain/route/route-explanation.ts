import { z } from 'zod';

const text = z.string();
const texts = z.array(text).readonly();

const roaState = z
  .enum(['valid', 'invalid', 'unknown'])
  .describe(
    "what RPKI says of the route's origin (RFC 6811); absent where this node asks no cache, or the route has no origin AS",
  );

const explainedRoute = z.object({
  network: text,
  protocol: text.describe("BIRD's protocol"),
  source: text.describe('who is behind it'),
  state: z
    .enum(['used', 'spare', 'refused'])
    .describe('`used`: the best. `spare`: accepted, but another is better. `refused`: by the import filter'),
  why: text.describe('why it is used, not used, or refused'),
  via: texts,
  asPath: texts,
  localPreference: z.number().optional(),
  roa: roaState.optional(),
  communities: texts.describe('in words'),
});

const explainedTarget = z.object({
  to: text.describe('`AS4242420011 (dn42_4242420011)`, `the kernel`'),
  protocol: text,
  isSent: z.boolean(),
  why: text.optional().describe('why it is not sent; absent where it is'),
});

/** Why the routes to a prefix or address are used, sent and accepted at this node, or not. */
export const routeExplanation = z.object({
  to: text,
  network: text.optional().describe('the network whose route this node uses; absent where it has none'),
  summary: text,
  routes: z.array(explainedRoute).readonly().describe('the best first, refused ones last'),
  roas: texts.describe('the ROAs that cover the network: `172.21.11.0/24 up to /24: AS4242420011`'),
  targets: z.array(explainedTarget).readonly(),
});

export type RoaState = z.output<typeof roaState>;
export type ExplainedRoute = z.output<typeof explainedRoute>;
export type ExplainedTarget = z.output<typeof explainedTarget>;
export type RouteExplanation = z.output<typeof routeExplanation>;
