import { wordsOf } from '../../core/model/words-of.js';
import { type ObservedEndpoint, observedEndpoints } from '../../core/verdict/observed-endpoints.js';
import type { PassResult } from '../pass/context.js';
import { isRefusal } from '../ports/control-plane-error.js';
import type { AgentParts } from './agent-context.js';

const call = 'POST modify (observedEndpoint)';

/** The most in one pass, to save the rate limit after a start; the next pass continues. */
const perPass = 20;

/**
 * Posts the observed endpoint of each peer when it has changed. One that the control plane refuses is not posted again
 * before it changes. Resolves to the errors.
 */
export async function tellObservedEndpoints(
  { context, state, call: make }: AgentParts,
  { desired, observed }: PassResult,
): Promise<string[]> {
  const { memory, cutOff } = context;
  const seen = observedEndpoints(desired.sessions, observed, state.snapshot.birdConfig?.policy);
  const before = memory.current.observedEndpoints;
  const changed = seen.filter(({ uuid, address }) => before[uuid] !== address).slice(0, perPass);
  const told: ObservedEndpoint[] = [];
  let errors: string[] = [];
  if (changed.length === 0) make.forget(call);
  for (const each of changed) {
    errors = await make(call, cutOff, async () => {
      if (await tell(each)) told.push(each);
    });
    if (errors.length > 0 || cutOff.aborted) break;
  }
  const listed = new Set<string>(desired.sessions.map(({ session }) => session.uuid));
  const kept = Object.entries(before).filter(([uuid]) => listed.has(uuid));
  const now = told.map(({ uuid, address }) => [uuid, address] as const);
  await memory.update({ observedEndpoints: Object.fromEntries([...kept, ...now]) });
  return errors;

  async function tell({ uuid, address }: ObservedEndpoint): Promise<boolean> {
    try {
      return await context.controlPlane.postObservedEndpoint(uuid, address, cutOff);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      context.log.warn(
        `session ${uuid}: the control plane did not accept ${address} as its observed endpoint: ${wordsOf(error)}`,
      );
      return true;
    }
  }
}
