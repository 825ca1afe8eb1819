import { restartProtocol } from '../adapters/bird/restart.js';
import { dropPeer } from '../adapters/wireguard-tools/drop-peer.js';
import { run } from '../platform/exec.js';
import type { PeerControl } from '../shell/local-ports.js';

export function openPeerControl(controlSocket: string): PeerControl {
  return {
    restartProtocol: (name, signal) => restartProtocol({ controlSocket }, name, signal),
    dropPeer: (name, publicKey, signal) => dropPeer(run, name, publicKey, signal),
  };
}
