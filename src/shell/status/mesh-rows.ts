import { meshPingTarget } from '../../core/desired/mesh.js';
import { judgeNode } from '../../core/verdict/node/node-health.js';
import type { Remembered } from '../pass/memory.js';
import type { NodeState } from '../pass/node-state.js';
import { retryOf } from './retry-of.js';
import { tunnelState } from './session-rows.js';
import type { MeshRow } from './status.js';

/** Every mesh peer, as the last pass saw it. */
export function meshRows(
  { lastPass, pings, snapshot }: NodeState,
  memory: Remembered,
  nowSeconds: number,
): MeshRow[] {
  if (!lastPass) return [];
  const { ibgp } = judgeNode(lastPass.desired, lastPass.observed);
  return lastPass.desired.mesh.map((peer) => {
    const observed = lastPass.observed.wireguard.find((wireguard) => wireguard.interface === peer.interface)
      ?.peers[0];
    const owner = { kind: 'mesh', nodeId: peer.nodeId } as const;
    const retry = retryOf(owner, memory, nowSeconds);
    // What waits was not tried in the last pass, and is broken all the same.
    const waiting = lastPass.putOff.get(owner);
    const target = meshPingTarget(peer, snapshot, lastPass.desired.node.asn);
    return {
      nodeId: peer.nodeId,
      name: peer.name,
      interface: peer.interface,
      tunnel: peer.tunnel && tunnelState(observed, nowSeconds),
      bgp: ibgp.find(({ nodeId }) => nodeId === peer.nodeId)?.state,
      rttMs: target === undefined ? undefined : pings.get(target)?.rttMs,
      error: peer.reason ?? lastPass.failures.get(owner) ?? waiting,
      retry,
    };
  });
}
