import { judgeNode } from '../core/node-health/node-health.js';
import { publicAddresses } from '../core/public-addresses.js';
import type { AgentParts } from './agent-context.js';
import type { Heartbeat } from './ports.js';

/** Posts `heartbeat`. Resolves to the errors. */
export async function postHeartbeat(
  { context, state, call }: AgentParts,
  signal: AbortSignal,
): Promise<string[]> {
  const { controlPlane, host, facts } = context;
  const { lastPass } = state;
  const bird = lastPass?.observed.bird;
  const keyPair = await host.keys.read().catch(() => undefined);
  const routes = (await facts.defaultRoutes?.()) ?? { ipv4: [], ipv6: [] };
  const addresses = publicAddresses(lastPass?.observed.links ?? [], routes);
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
    withheldSessions: lastPass?.desired.withheld.length ?? 0,
    problems: lastPass ? judgeNode(lastPass.desired, lastPass.observed).faults.map(({ words }) => words) : [],
  };
  return call('POST heartbeat', signal, () => controlPlane.postHeartbeat(beat, signal));
}
