import { formatMark } from '../../core/model/owner.js';
import type { MeshPeerStatus } from '../ports/control-plane.js';
import type { AgentParts } from './agent-context.js';

/** Posts `mesh/status`, once a pass has seen the mesh. Resolves to the errors. */
export async function postMeshStatus(
  { context, state, call }: AgentParts,
  signal: AbortSignal,
): Promise<string[]> {
  if (!state.lastPass || !state.snapshot.mesh) return [];
  const { desired, failures } = state.lastPass;
  const peers: MeshPeerStatus[] = desired.mesh.map(({ nodeId, reason }) => ({
    nodeId,
    error: reason ?? failures.get(formatMark({ kind: 'mesh', nodeId })),
  }));
  const refused = state.snapshot.mesh.refused.flatMap(({ nodeId, reason }) =>
    nodeId === undefined ? [] : [{ nodeId, error: reason }],
  );
  return call('POST mesh/status', signal, () =>
    context.controlPlane.postMeshStatus([...peers, ...refused], signal),
  );
}
