import { publicAddresses } from '../core/public-addresses.js';
import type { AgentParts } from './agent-context.js';
import type { Heartbeat } from './ports.js';

/** Posts `heartbeat`. Resolves to the errors. */
export async function postHeartbeat(
  { context, state, call }: AgentParts,
  signal: AbortSignal,
): Promise<string[]> {
  const { controlPlane, host, facts } = context;
  const bird = state.lastPass?.observed.bird;
  const keyPair = await host.keys.read().catch(() => undefined);
  const routes = (await facts.defaultRoutes?.()) ?? { ipv4: [], ipv6: [] };
  const addresses = publicAddresses(state.lastPass?.observed.links ?? [], routes);
  const beat: Heartbeat = {
    version: facts.version,
    uptimeSeconds: Math.floor(facts.uptimeSeconds()),
    meshPublicKey: keyPair?.publicKey,
    birdVersion: bird?.running ? bird.version : undefined,
    kernel: facts.kernel,
    loadAverage: facts.loadAverage(),
    network: await facts.network?.(),
    publicIpv4: addresses.ipv4,
    publicIpv6: addresses.ipv6,
    withheldSessions: state.lastPass?.desired.withheld.length ?? 0,
  };
  return call('POST heartbeat', signal, () => controlPlane.postHeartbeat(beat, signal));
}
