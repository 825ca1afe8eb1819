import { type Lab, peerHost } from '../running-lab.js';
import { asn } from '../scenario/numbers.js';
import type { PeerSpec } from '../scenario/peer-spec.js';

/** The prefixes that a peer has from its node. */
export async function sentTo(lab: Lab, peer: PeerSpec): Promise<Set<string>> {
  const routes = await peerHost(lab, peer).bgp.routes();
  return new Set(routes.filter(({ asPath }) => asPath[0] === asn).map(({ prefix }) => prefix));
}

/** True for the prefixes that are not in a set. */
export function notIn(set: ReadonlySet<string>): (prefix: string) => boolean {
  return (prefix) => !set.has(prefix);
}
