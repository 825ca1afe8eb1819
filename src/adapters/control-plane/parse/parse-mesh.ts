import { z } from 'zod';
import type { Mesh, MeshPeer } from '../../../core/model/control-plane.js';
import { endpoint } from '../../../core/model/values/endpoint.js';
import { mtu } from '../../../core/model/values/integer.js';
import { ipv4, ipv6 } from '../../../core/model/values/ip.js';
import { wireGuardKey } from '../../../core/model/values/wireguard-key.js';
import { key, optional, readerOf, rowOf } from './fields.js';
import { listOf, rawOf, zeroAsAbsent } from './json.js';
import * as promised from './promised.js';
import { flag, nodeId, nodeNameOf, text } from './schemas.js';

const answerKeys = {
  self: key(promised.anything),
  peers: key(promised.list()),
};

const mtuOrNone = z.preprocess(zeroAsAbsent, mtu.optional());

const peerKeys = {
  nodeId: key(promised.number, nodeId),
  nodeName: key(promised.string, text),
  name: optional(promised.string, text),
  nodeType: key(promised.string, text),
  regionCode: key(promised.number),
  loopbackIpv4: key(promised.address, ipv4),
  loopbackIpv6: key(promised.address, ipv6),
  publicKey: key(promised.string, wireGuardKey),
  endpoint: key(promised.string, endpoint),
  mtu: key(promised.number, mtuOrNone),
  isRr: key(promised.flag, flag),
};

/**
 * `GET mesh`. A peer with anything in it that is not understood is refused alone, by its node id where that is known.
 * Throws `WrongShapeError` where there is no list of peers, which is no empty one.
 */
export function parseMesh(answer: unknown, note: promised.Note = promised.unheard): Mesh {
  const body = rowOf(rawOf(answer, 'the answer'), answerKeys, '', note);
  const parsed = listOf(body.peers, 'peers').map((peer, index) => parsePeer(peer, index, note));
  return {
    peers: parsed.flatMap((item) => ('peer' in item ? [item.peer] : [])),
    refused: parsed.flatMap((item) => ('refused' in item ? [item.refused] : [])),
  };
}

type ParsedPeer = { readonly peer: MeshPeer } | { readonly refused: Mesh['refused'][number] };

function parsePeer(source: unknown, index: number, note: promised.Note): ParsedPeer {
  const refused: string[] = [];
  const read = readerOf(source, peerKeys, `peers.${index}`, { refused, note });
  const id = read('nodeId');
  const peer = {
    nodeName: nodeNameOf(read, id),
    publicKey: read('publicKey'),
    endpoint: read('endpoint'),
    mtu: read('mtu') ?? 1420,
    loopbackIpv4: read('loopbackIpv4'),
    loopbackIpv6: read('loopbackIpv6'),
    isRouteReflector: read('isRr') ?? read('nodeType') === 'rr',
  };
  if (refused.length === 0 && id !== undefined) return { peer: { nodeId: id, ...peer } };
  return { refused: { nodeId: id, reason: refused.join('; ') || `peers.${index}: nodeId is missing` } };
}
