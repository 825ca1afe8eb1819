import type { Context } from 'hono';
import type { NodeSpec } from '../scenario/node-spec.js';
import type { RefusalStatus, Wire } from './wire.js';

/** `node` has asked; `reason`: why a request was refused, or what of it was not kept, for the record. */
export type Env = { Variables: { node?: NodeSpec; reason?: string } };

/** A no in the dialect's words. */
export function refuse(wire: Wire, context: Context<Env>, status: RefusalStatus, reason: string): Response {
  context.set('reason', reason);
  return context.json(wire.refusal(status, reason), status);
}
