import type { ControlPlaneWatch } from '../ports/control-plane.js';
import type { Host } from '../ports/host.js';

/**
 * The kernel's routes follow BIRD's reply some milliseconds later with BIRD 3, later on a busy machine: they count as settled
 * when they stay the same for this long. Where routes never rest, the agent judges their state at the limit.
 */
const routesPollMs = 100;
const routesQuietMs = 500;
const routesLimitMs = 10_000;

type RoutedHost = Pick<Host, 'kernelRoutes' | 'clock'>;

/**
 * Whether the control plane answers over the routes as they are after a change: asks after they have settled, and again if
 * they have changed meanwhile.
 */
export async function answersWhenSettled(
  host: RoutedHost,
  watch: ControlPlaneWatch,
  signal: AbortSignal,
): Promise<boolean> {
  const end = host.clock.monotonic() + routesLimitMs;
  for (;;) {
    const settled = await settledRoutes(host, end, signal);
    if (!(await watch.answers(signal))) return false;
    if (host.clock.monotonic() >= end || (await host.kernelRoutes.snapshot()) === settled) return true;
  }
}

/** The kernel's routes once they have stayed the same for a while, or at the limit. */
async function settledRoutes(
  { kernelRoutes, clock }: RoutedHost,
  endMs: number,
  signal: AbortSignal,
): Promise<string> {
  let routes = await kernelRoutes.snapshot();
  let sinceMs = clock.monotonic();
  const isRestless = () => clock.monotonic() - sinceMs < routesQuietMs && clock.monotonic() < endMs;
  while (isRestless() && !signal.aborted) {
    await clock.sleep(routesPollMs, signal);
    const now = await kernelRoutes.snapshot();
    if (now !== routes) sinceMs = clock.monotonic();
    routes = now;
  }
  return routes;
}
