import type { NodeProtocol } from '../../model/artifacts.js';
import { type BirdProtocol, isEstablished } from '../../model/observed.js';

/** The BGP with another node of ours. */
export interface IbgpPeerState {
  readonly nodeId: number;
  readonly protocol: string;
  /** BIRD's word, such as `Established` or `Active`; `missing` where BIRD does not have it. */
  readonly state: string;
  /** Why it is not Established, where BIRD says so; empty where it does not. */
  readonly lastError: string;
  readonly isEstablished: boolean;
}

export function ibgpPeers(own: readonly NodeProtocol[], running: readonly BirdProtocol[]): IbgpPeerState[] {
  return own.flatMap(({ name, type, owner }): IbgpPeerState[] => {
    if (type !== 'bgp' || owner.kind !== 'mesh') return [];
    const found = running.find((protocol) => protocol.name === name);
    return [
      {
        nodeId: owner.nodeId,
        protocol: name,
        state: found?.bgp?.state ?? found?.state ?? 'missing',
        lastError: found?.bgp?.lastError ?? '',
        isEstablished: found !== undefined && isEstablished(found),
      },
    ];
  });
}

/** Why a node's routes are not here, in words; undefined where they are. */
export function describeIbgp({ nodeId, state, lastError, isEstablished }: IbgpPeerState): string | undefined {
  if (isEstablished) return undefined;
  return `iBGP with node ${nodeId} is not established: ${state}${lastError === '' ? '' : ` (${lastError})`}`;
}
