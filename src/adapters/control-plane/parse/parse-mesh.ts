import { z } from 'zod';
import type { Mesh, MeshPeer } from '../../../core/model/control-plane.js';
import { endpoint } from '../../../core/model/values/endpoint.js';
import { mtu } from '../../../core/model/values/integer.js';
import { ipv4, ipv6 } from '../../../core/model/values/ip.js';
import { wireGuardKey } from '../../../core/model/values/wireguard-key.js';
import { fieldsOf, listOf, rawOf, zeroAsAbsent } from './fields.js';
import { isRouteReflector, nodeId, nodeNameOf, regionCode } from './schemas.js';

/**
 * `GET mesh`. A peer with anything in it that is not understood is refused alone, by its node id where that is known.
 * Throws `WrongShapeError` where there is no list of peers, which is no empty one.
 */
export function parseMesh(answer: unknown): Mesh {
  const parsed = listOf(rawOf(answer, 'the answer')['peers'], 'peers').map(parsePeer);
  return {
    peers: parsed.flatMap((item) => ('peer' in item ? [item.peer] : [])),
    refused: parsed.flatMap((item) => ('refused' in item ? [item.refused] : [])),
  };
}

type ParsedPeer = { readonly peer: MeshPeer } | { readonly refused: Mesh['refused'][number] };

function parsePeer(source: unknown, index: number): ParsedPeer {
  const problems: string[] = [];
  const read = fieldsOf(source, `peers.${index}`, problems);
  const id = read('nodeId', nodeId);
  const peer = {
    nodeName: nodeNameOf(read, id),
    publicKey: read('publicKey', wireGuardKey),
    endpoint: read('endpoint', endpoint),
    mtu: read('mtu', mtuOrNone) ?? 1420,
    loopbackIpv4: read('loopbackIpv4', ipv4),
    loopbackIpv6: read('loopbackIpv6', ipv6),
    isRouteReflector: isRouteReflector(read, 'nodeType'),
    regionCode: read('regionCode', regionCode),
  };
  if (problems.length === 0 && id !== undefined) return { peer: { nodeId: id, ...peer } };
  return { refused: { nodeId: id, reason: problems.join('; ') || `peers.${index}: nodeId is missing` } };
}

const mtuOrNone = z.preprocess(zeroAsAbsent, mtu.optional());
