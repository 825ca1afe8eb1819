import type { PeerControl } from '../../src/shell/ports/tools.js';
import type { FakeHost } from './fake-host.js';

/** Starts peers over on the fake machine: it refuses what is not there, and a restarted session is not Established. */
export function fakePeerControl({ protocols, wireguardTable }: FakeHost): PeerControl {
  return {
    restartProtocol: async (name) => {
      const protocol = protocols.get(name);
      if (!protocol?.bgp) throw new Error(`restart ${name}: BIRD says 8003 No protocols match`);
      protocol.state = 'start';
      protocol.bgp = { ...protocol.bgp, state: 'Connect', lastError: undefined };
      protocol.since = 'restarted';
    },
    dropPeer: async (name, publicKey) => {
      const device = wireguardTable.get(name);
      if (!device) throw new Error(`wg: ${name}: no such device`);
      device.peers = device.peers.filter((peer) => peer.publicKey !== publicKey);
    },
  };
}
