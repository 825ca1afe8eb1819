import type { BootstrapConfig, Snapshot } from '../core/model/control-plane.js';
import type { Clock, ControlPlane, LogOnChange } from './ports.js';

const firstRetryMs = 2_000;
const lastRetryMs = 60_000;

/** What is known at the start: `GET config` answered now or, failing that, before. */
export interface Start {
  readonly snapshot: Snapshot & { readonly config: BootstrapConfig };
  /** False where the control plane did not answer and all of it is from before. */
  readonly answered: boolean;
}

/**
 * Asks for the bootstrap configuration; where the control plane does not give it, the last good copy serves. The rest
 * of what was known before comes with it. Throws the control plane's error where there is neither.
 */
export async function bootstrap(controlPlane: ControlPlane, signal: AbortSignal): Promise<Start> {
  const known = await controlPlane.recall();
  try {
    return { snapshot: { ...known, config: await controlPlane.fetchConfig(signal) }, answered: true };
  } catch (error) {
    signal.throwIfAborted();
    if (known.config === undefined) throw error;
    return { snapshot: { ...known, config: known.config }, answered: false };
  }
}

interface BootstrapContext {
  readonly controlPlane: ControlPlane;
  readonly clock: Clock;
  readonly logOnChange: LogOnChange;
  /** Hears of each attempt that ends. */
  onProgress(): void;
}

/** As `bootstrap`, but does not give up: a node that is not known yet waits for its control plane. */
export async function bootstrapPatiently(
  { controlPlane, clock, logOnChange, onProgress }: BootstrapContext,
  signal: AbortSignal,
): Promise<Start> {
  for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
    try {
      const start = await bootstrap(controlPlane, signal);
      logOnChange('bootstrap', undefined);
      return start;
    } catch (error) {
      signal.throwIfAborted();
      const words = error instanceof Error ? error.message : String(error);
      logOnChange('bootstrap', `${words}; nothing is configured until the control plane answers`);
      onProgress();
      await clock.sleep(retryMs, signal);
      signal.throwIfAborted();
    }
  }
}
