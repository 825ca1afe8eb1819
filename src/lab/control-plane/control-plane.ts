import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import type { NodeSpec } from '../scenario/node-spec.js';
import type { Scenario } from '../scenario/scenario.js';
import { authenticate, callerOf } from './authenticate.js';
import { birdConfigDocument } from './bird-config-document.js';
import { acceptPost, type ControlPlaneState, sessionsOf } from './control-plane-state.js';
import type { Post, Told } from './posts.js';
import { type Env, refuse } from './refuse.js';
import { keepToLimit, recordRequests } from './requests.js';
import type { Wire } from './wire.js';

interface Parts {
  readonly scenario: Scenario;
  readonly state: ControlPlaneState;
  readonly wire: Wire;
}

/** The Agent API in one dialect: bearer tokens, a limit on requests, every one of them on record. */
export function controlPlaneApp(scenario: Scenario, state: ControlPlaneState, wire: Wire): Hono<Env> {
  const parts = { scenario, state, wire };
  const app = new Hono<Env>();
  app.use(recordRequests(state, wire.dialect));
  app.notFound((context) => refuse(wire, context, 404, 'no such call'));
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.get('/metrics', (context) => context.text(`lab_requests_total ${state.requests.length}\n`));
  const [enter, paced] = [authenticate(scenario, state, wire), keepToLimit(state, wire)];
  const limited = bodyLimit({
    maxSize: wire.maxBodyBytes,
    onError: (context) => refuse(wire, context, 413, `more than ${wire.maxBodyBytes} bytes`),
  });
  for (const [call, document] of Object.entries(documents(parts)))
    app.get(`${wire.base}/:router/${call}`, enter, paced, (context) => {
      const found = document(callerOf(context));
      return found ? context.json(wire.success(found)) : refuse(wire, context, 404, noPolicy);
    });
  for (const [path, schema] of Object.entries(wire.posts))
    app.post(`${wire.base}/${path}`, enter, paced, limited, (context) => receive(parts, context, schema));
  return app;
}

const noPolicy = 'No default BIRD policy configured';

type Document = (node: NodeSpec) => object | undefined;

/** What a node is given, by the last part of the path. */
function documents({ scenario, state, wire }: Parts): Readonly<Record<string, Document>> {
  const { policySlips } = state;
  const policy = (node: NodeSpec) =>
    wire.birdConfig(birdConfigDocument(scenario, node, state.policyRevision, policySlips.get(node.name)));
  return {
    config: wire.config,
    'bird-config': (node) => (state.hasPolicy ? policy(node) : undefined),
    mesh: (node) => wire.mesh(scenario, node, state),
    sessions: (node) => wire.sessions(sessionsOf(state, node.name)),
  };
}

async function receive(
  { state, wire }: Parts,
  context: Context<Env>,
  schema: z.ZodType<Told>,
): Promise<Response> {
  const json: unknown = await context.req.json().catch(() => undefined);
  const read = schema.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    return refuse(wire, context, 422, `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { name } = callerOf(context);
  const { data: told } = read;
  if ((told.sender ?? name) !== name) return refuse(wire, context, 404, `no router ${told.sender}`);
  const post: Post = { ...told, node: name, atMs: Date.now(), dialect: wire.dialect };
  const acceptance = acceptPost(state, post, wire);
  if (acceptance === 'no such session') return refuse(wire, context, 404, acceptance);
  const lost = acceptance === 'taken' ? told.lost : acceptance;
  if (lost !== undefined) context.set('reason', lost);
  return context.json(wire.success(isModify(post) ? wire.modified(lost) : { received: true }));
}

function isModify({ name }: Post): boolean {
  return name === 'modify' || name === 'observed endpoint';
}
