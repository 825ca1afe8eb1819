import { publicAddresses } from '../../core/verdict/public-addresses.js';
import type { Heartbeat, MeshPeerStatus } from '../ports/control-plane.js';
import { nodeProblems } from '../status/node-problems.js';
import type { AgentParts } from './agent-context.js';

const name = 'POST heartbeat';

/** Posts `heartbeat`; `passProblem` is why passes do not end. Resolves to the errors. */
export async function postHeartbeat(
  { context, state, call }: AgentParts,
  passProblem: string | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const { controlPlane, host, facts, memory } = context;
  const { lastPass } = state;
  const bird = lastPass?.observed.bird;
  const keyPair = await host.keys.read().catch(() => undefined);
  const routes = (await facts.defaultRoutes?.()) ?? { ipv4: [], ipv6: [] };
  const addresses = publicAddresses(lastPass?.observed.links ?? [], routes);
  // A heartbeat that succeeds ends the failure of the last one.
  const callErrors = new Map([...state.callErrors].filter(([each]) => each !== name));
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
    withheldSessions: lastPass?.desired.doubted.length ?? 0,
    problems: nodeProblems({ ...state, callErrors }, memory.current, {
      passProblem,
      stateProblem: memory.problem,
      nowSeconds: Math.floor(host.clock.now() / 1000),
    }),
  };
  return call(name, signal, () => controlPlane.postHeartbeat(beat, signal));
}

/** Posts `mesh/status`, once a pass has seen the mesh. Resolves to the errors. */
export async function postMeshStatus(
  { context, state, call }: AgentParts,
  signal: AbortSignal,
): Promise<string[]> {
  if (!state.lastPass || !state.snapshot.mesh) return [];
  const peers: MeshPeerStatus[] = state.lastPass.node.mesh.map(({ nodeId, error }) => ({ nodeId, error }));
  const refused = state.snapshot.mesh.refused.flatMap(({ nodeId, reason }) =>
    nodeId === undefined ? [] : [{ nodeId, error: reason }],
  );
  return call('POST mesh/status', signal, () =>
    context.controlPlane.postMeshStatus([...peers, ...refused], signal),
  );
}
