import type { BootstrapConfig, Snapshot } from '../../core/model/control-plane.js';
import { wordsOf } from '../../core/model/words-of.js';
import type { ControlPlane } from '../ports/control-plane.js';
import type { Clock } from '../ports/host.js';
import type { AgentContext } from './agent-context.js';

const firstRetryMs = 2_000;
const lastRetryMs = 60_000;

/** What is known at the start: the answer to `GET config`, from now or from disk. */
export interface Start {
  readonly snapshot: Snapshot & { readonly config: BootstrapConfig };
  /** False where the control plane did not answer and all of it is from disk. */
  readonly answered: boolean;
  /** Why it did not answer, where it was asked. */
  readonly problem?: string;
}

/**
 * Asks for the bootstrap configuration; if the control plane does not give it, uses the last good copy. Loads the other
 * stored answers with it. Throws the control plane's error where there is neither, and that of a state directory that does
 * not answer.
 */
export async function bootstrap(controlPlane: ControlPlane, signal: AbortSignal): Promise<Start> {
  return startFrom(await controlPlane.recall(), controlPlane, signal);
}

async function startFrom(known: Snapshot, controlPlane: ControlPlane, signal: AbortSignal): Promise<Start> {
  try {
    return { snapshot: { ...known, config: await controlPlane.fetchConfig(signal) }, answered: true };
  } catch (error) {
    signal.throwIfAborted();
    if (known.config === undefined) throw error;
    return { snapshot: { ...known, config: known.config }, answered: false, problem: wordsOf(error) };
  }
}

/** `onProgress` hears of each attempt that ends. */
interface BootstrapContext extends Pick<AgentContext, 'controlPlane' | 'logOnChange' | 'onProgress'> {
  readonly clock: Clock;
}

/** As `bootstrap`, but waits for the control plane where the node has no copy. */
export async function bootstrapPatiently(
  { controlPlane, clock, logOnChange, onProgress }: BootstrapContext,
  signal: AbortSignal,
): Promise<Start> {
  for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
    const known = await controlPlane.recall();
    try {
      const start = await startFrom(known, controlPlane, signal);
      logOnChange('bootstrap', undefined);
      return start;
    } catch (error) {
      signal.throwIfAborted();
      const words = wordsOf(error);
      logOnChange('bootstrap', `${words}; the agent configures nothing until the control plane answers`);
      onProgress();
      await clock.sleep(retryMs, signal);
      signal.throwIfAborted();
    }
  }
}
