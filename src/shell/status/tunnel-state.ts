import type { ObservedWireGuardPeer } from '../../core/model/observed.js';
import type { TunnelState } from './status.js';

/** A tunnel's peer, for people. Handshake times of the future, after a step of the clock, count as now. */
export function tunnelState(peer: ObservedWireGuardPeer | undefined, nowSeconds: number): TunnelState {
  return {
    present: peer !== undefined,
    endpoint: peer?.endpoint,
    handshakeSecondsAgo: peer?.latestHandshakeSeconds
      ? Math.max(0, nowSeconds - peer.latestHandshakeSeconds)
      : undefined,
    rxBytes: peer?.rxBytes ?? 0,
    txBytes: peer?.txBytes ?? 0,
  };
}
