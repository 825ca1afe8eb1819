import type { LiveSystem } from '../../core/lookups/session-state.js';
import type { Host } from '../ports/host.js';

/** Reads how tunnels and sessions are now: three look-ups, however many sessions there are. Throws where links or WireGuard cannot be read. */
export async function lookAt(
  { links, wireguard, bird, clock }: Host,
  signal: AbortSignal,
): Promise<LiveSystem> {
  const [seenLinks, seenWireguard, seenBird] = await Promise.all([
    links.observe(signal),
    wireguard.observe(signal),
    bird.observe(signal),
  ]);
  const nowSeconds = Math.floor(clock.now() / 1000);
  return { nowSeconds, links: seenLinks, wireguard: seenWireguard, bird: seenBird };
}
