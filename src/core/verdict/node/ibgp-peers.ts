import type { NodeProtocol } from '../../model/artifacts.js';
import { type BirdProtocol, isEstablished } from '../../model/observed.js';
import { bgpLacks, describeFamilyLack, describeNextHopLack } from '../bgp-lacks.js';

/** The BGP with another node of ours. */
export interface IbgpPeerState {
  readonly nodeId: number;
  readonly protocol: string;
  /** BIRD's word, such as `Established` or `Active`; `missing` where BIRD does not have it. */
  readonly state: string;
  /** Why it is not Established, where BIRD says so; empty where it does not. */
  readonly lastError: string;
  readonly isEstablished: boolean;
  /** What it does not carry although it is Established, in words. */
  readonly lacks: readonly string[];
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
        lacks: found ? describeLacks(found, `node ${owner.nodeId}`) : [],
      },
    ];
  });
}

function describeLacks(protocol: BirdProtocol, who: string): string[] {
  const { families, extendedNextHop } = bgpLacks(protocol);
  return [
    ...families.map((family) => describeFamilyLack(family, protocol.name, who)),
    ...(extendedNextHop ? [describeNextHopLack(protocol.name, who)] : []),
  ];
}

/** Why a node's routes are not here, in words; undefined where they are. */
export function describeIbgp({
  nodeId,
  state,
  lastError,
  isEstablished,
  lacks,
}: IbgpPeerState): string | undefined {
  if (isEstablished && lacks.length > 0) return `iBGP with node ${nodeId}: ${lacks.join('; ')}`;
  if (isEstablished) return undefined;
  return `iBGP with node ${nodeId} is not established: ${state}${lastError === '' ? '' : ` (${lastError})`}`;
}
