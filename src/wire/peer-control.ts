import { restartProtocol } from '../adapters/bird/restart.js';
import type { BirdSocketOptions } from '../adapters/bird/socket/socket.js';
import { dropPeer } from '../adapters/wireguard/wg.js';
import { run } from '../platform/exec.js';
import type { PeerControl } from '../shell/ports/tools.js';

export function openPeerControl(bird: Pick<BirdSocketOptions, 'controlSocket' | 'findSocket'>): PeerControl {
  return {
    restartProtocol: (name, signal) => restartProtocol(bird, name, signal),
    dropPeer: (name, publicKey, signal) => dropPeer(run, name, publicKey, signal),
  };
}
