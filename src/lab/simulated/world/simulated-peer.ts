import type { Place } from '../../hosts/peer-host.js';
import type { PeerSecrets } from '../../hosts/peer-tunnel.js';
import type { PeerSpec } from '../../scenario/peer-spec.js';

/** A neighbor of another network, of which there is only what its end of the session does. */
export interface SimulatedPeer {
  readonly spec: PeerSpec;
  secrets: PeerSecrets;
  /** Where it is on "the internet". */
  place: Place;
  /** The key that its operator was told; undefined: its tunnel is not made yet. */
  nodeKey: string | undefined;
  /** Its router is switched off. */
  isAway: boolean;
}

export function makePeer(spec: PeerSpec, secrets: PeerSecrets): SimulatedPeer {
  const { address, listenPort } = spec;
  return { spec, secrets, place: { address, listenPort }, nodeKey: undefined, isAway: false };
}
