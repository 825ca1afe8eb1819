import type { Context, MiddlewareHandler } from 'hono';
import type { NodeSpec } from '../scenario/node-spec.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ControlPlaneState } from './control-plane-state.js';
import { type Env, refuse } from './refuse.js';
import type { Wire } from './wire.js';

/** Finds out by the token who asks, and lets through what is the node's own. */
export function authenticate(
  scenario: Scenario,
  state: ControlPlaneState,
  wire: Wire,
): MiddlewareHandler<Env> {
  return async (context, next) => {
    const token = /^Bearer (\S+)$/.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
    const [owner] = [...state.tokens].find(([, other]) => other === token) ?? [];
    if (owner === undefined) return refuse(wire, context, 401, 'unauthorized');
    const router = context.req.param('router') ?? owner;
    const node = scenario.nodes.find(({ name }) => name === router);
    if (!node) return refuse(wire, context, 404, 'no such router');
    if (router !== owner) return refuse(wire, context, 401, 'unauthorized');
    context.set('node', node);
    return next();
  };
}

/** Who asks, once that is certain. */
export function callerOf(context: Context<Env>): NodeSpec {
  const node = context.get('node');
  if (!node) throw new Error('nobody asks');
  return node;
}
