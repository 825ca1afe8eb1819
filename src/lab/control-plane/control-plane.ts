import { once } from 'node:events';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { NodeSpec } from '../scenario/node-spec.js';
import type { Scenario } from '../scenario/scenario.js';
import { birdConfigDocument } from './bird-config-document.js';
import { acceptPost, type ControlPlaneState, sessionsOf } from './control-plane-state.js';
import { configDocument, meshDocument } from './documents.js';
import { type Post, type PostName, postNames, postSchemas } from './posts.js';

/** `reason`: why a request was refused, for the record. */
type Env = { Variables: { reason?: string } };

/** Serves the documented dialect over HTTP on the scenario's address. Returns how to stop it. */
export async function serveControlPlane(scenario: Scenario, state: ControlPlaneState): Promise<() => void> {
  const { address, port } = scenario.controlPlane;
  const server = createAdaptorServer({ fetch: controlPlaneApp(scenario, state).fetch });
  server.listen(port, address);
  await once(server, 'listening');
  return () => {
    server.close();
  };
}

/** The API of `agent-protocol.txt`: bearer tokens, unwrapped bodies, every request on record. */
export function controlPlaneApp(scenario: Scenario, state: ControlPlaneState): Hono<Env> {
  const app = new Hono<Env>();
  const nodeOf = (context: Context<Env>) =>
    scenario.nodes.find(({ name }) => name === context.req.param('router'));
  recordRequests(app, state);
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.get('/metrics', (context) => context.text(`lab_requests_total ${state.requests.length}\n`));
  app.use('/agent/:router/*', async (context, next) => {
    const node = nodeOf(context);
    const token = /^Bearer (\S+)$/.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
    if (![...state.tokens.values()].includes(token)) return context.json({ error: 'unauthorized' }, 401);
    if (!node) return context.json({ error: 'no such router' }, 404);
    if (state.tokens.get(node.name) !== token) return context.json({ error: 'unauthorized' }, 401);
    return next();
  });
  const answer = (path: string, document: (node: NodeSpec) => object) =>
    app.get(`/agent/:router/${path}`, (context) => {
      const node = nodeOf(context);
      return node ? context.json(document(node)) : context.notFound();
    });
  answer('config', (node) => configDocument(node));
  answer('bird-config', (node) =>
    birdConfigDocument(scenario, node, state.policyRevision, state.policySlips.get(node.name)),
  );
  answer('mesh', (node) => meshDocument(scenario, node, state.publicKeys));
  answer('sessions', (node) => ({ sessions: sessionsOf(state, node.name) }));
  for (const name of postNames)
    app.post(`/agent/:router/${name}`, (context) => receive(context, name, state));
  return app;
}

async function receive(context: Context<Env>, name: PostName, state: ControlPlaneState): Promise<Response> {
  const json: unknown = await context.req.json().catch(() => undefined);
  const body = postSchemas[name].safeParse(json);
  if (!body.success) {
    const [issue] = body.error.issues;
    context.set('reason', `${name}: ${issue?.path.join('.')}: ${issue?.message}`);
    return context.json({ error: context.get('reason') }, 422);
  }
  const node = context.req.param('router') ?? '';
  const post = { name, node, atMs: Date.now(), body: body.data } as Post;
  if (acceptPost(state, post)) return context.json({ ok: true });
  context.set('reason', `${name}: no such session`);
  return context.json({ error: 'no such session' }, 404);
}

function recordRequests(app: Hono<Env>, state: ControlPlaneState): void {
  app.use(async (context, next) => {
    const atMs = Date.now();
    await next();
    const { method, path } = context.req;
    const node = /^\/agent\/([^/]+)\//.exec(path)?.[1];
    state.requests.push({
      atMs,
      method,
      path,
      node,
      httpStatus: context.res.status,
      reason: context.get('reason'),
    });
  });
}
