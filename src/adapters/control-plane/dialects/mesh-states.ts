import type { MeshPeerStatus } from '../../../shell/ports/control-plane.js';

/** What `mesh/status` says of the peers in every dialect: `{"2": "configured", "3": "error: ..."}`. */
export function meshStates(peers: readonly MeshPeerStatus[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    peers.map(({ nodeId, error }) => [nodeId, error === undefined ? 'configured' : `error: ${error}`]),
  );
}
