import type { AnyLab } from '../any-lab.js';
import { sessionName } from '../converge.js';
import { missingInKernel } from '../hosts/kernel-routes.js';
import { peerInterface } from '../hosts/peer-tunnel.js';
import { firstFailure, ping } from '../hosts/ping.js';
import { nodeLink, nodeTunnel } from '../hosts/view.js';
import { type Lab, nodeOf, peerHost } from '../running-lab.js';
import { ownPrefixes } from '../scenario/numbers.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { acceptedPrefixes } from '../scenario/policy-table.js';
import { type Check, checksOf } from './check.js';

/** What must be so of a session that is up: packets go both ways. */
export function sessionChecks(lab: Lab, peer: PeerSpec): Check[] {
  const check = checksOf(sessionName(peer), peer.node.name);
  return [
    check("the node uses the peer's routes", () =>
      missingInKernel(nodeOf(lab, peer).host, acceptedPrefixes(peer)),
    ),
    check("the peer uses the node's routes", () => missingInKernel(peerHost(lab, peer).host, ownPrefixes)),
    check('ping over the tunnel', () => pingTunnel(lab, peer)),
    check('ping from loopback to loopback', () => pingLoopbacks(lab, peer)),
    check('listens on the port that the peer was told', async () => listensRightly(lab, peer)),
    ...(namedAddress(peer) === undefined
      ? []
      : [check('the peer reaches our address in the row', () => pingNamed(lab, peer))]),
    check('the interface carries the mark', async () => isMarked(lab, peer)),
  ];
}

async function pingTunnel(lab: Lab, peer: PeerSpec): Promise<string | undefined> {
  const { host } = nodeOf(lab, peer);
  const targets =
    peer.kind === 'separate' ? [peer.ipv4, peer.ipv6] : [`${peer.linkLocal}%${peer.session.interface}`];
  return firstFailure(targets.map((target) => ping(host, target)));
}

/** Says on which port the node listens where it is not the one of the row. */
export function listensRightly(lab: AnyLab, peer: PeerSpec): string | undefined {
  const port = nodeTunnel(lab.view, peer)?.listenPort;
  return port === peer.session.port ? undefined : `port ${port}, not ${peer.session.port}`;
}

/** Our address on the tunnel, where the row has one. */
function namedAddress({ writer, neighbor, ownUla, toldLinkLocal }: PeerSpec): string | undefined {
  return writer === 'bot' && neighbor === 'link-local' ? (ownUla ?? toldLinkLocal) : undefined;
}

async function pingNamed(lab: Lab, peer: PeerSpec): Promise<string | undefined> {
  const address = namedAddress(peer) ?? '';
  if (!nodeLink(lab.view, peer)?.addresses.includes(address)) return `${address} is not on the tunnel`;
  const { host } = peerHost(lab, peer);
  return address === peer.ownUla ? ping(host, address, peer.ipv6) : ping(host, `${address}%${peerInterface}`);
}

/** Says which of the node's loopbacks does not answer the peer. */
export async function pingLoopbacks(lab: Lab, peer: PeerSpec): Promise<string | undefined> {
  const { host } = peerHost(lab, peer);
  return firstFailure([
    ping(host, peer.node.loopbackIpv4, peer.ipv4),
    ping(host, peer.node.loopbackIpv6, peer.ipv6),
  ]);
}

/** Says what mark the interface carries where it is not the session's. */
export function isMarked(lab: AnyLab, peer: PeerSpec): string | undefined {
  const alias = nodeLink(lab.view, peer)?.alias;
  return alias === `moenet-agent:${peer.session.uuid}` ? undefined : `alias ${alias}`;
}
