import { interfaceTowards } from '../hosts/kernel-routes.js';
import type { NodeHost } from '../hosts/node-host.js';
import { firstFailure, ping } from '../hosts/ping.js';
import { type Lab, peerHost } from '../running-lab.js';
import { meshInterface } from '../scenario/node-spec.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { mayGo } from '../scenario/policy-table.js';
import type { Check } from './check.js';

/** What was learned at one node must be used at the others, over the mesh, there and back. */
export function transitChecks(lab: Lab): Check[] {
  const { peers } = lab.scenario;
  return [
    ...peers.flatMap((peer) =>
      lab.nodes
        .filter(({ spec }) => spec.id !== peer.node.id)
        .map((node) => ({
          name: `${node.spec.name}: reaches AS${peer.asn} through ${peer.node.name}, over the mesh, there and back`,
          node: node.spec.name,
          test: async () => (await isOverMesh(node, peer)) ?? pingBothWays(lab, node, peer),
        })),
    ),
    ...peersThroughUs(peers).map(([one, other]) => ({
      name: `AS${one.asn} at ${one.node.name} reaches AS${other.asn} at ${other.node.name} through our network`,
      node: one.node.name,
      test: () => pingPeer(lab, one, other),
    })),
  ];
}

/** Pairs of peers at different nodes whose routes we pass on to each other. */
function peersThroughUs(peers: readonly PeerSpec[]): (readonly [PeerSpec, PeerSpec])[] {
  return peers.flatMap((one, index) =>
    peers
      .slice(index + 1)
      .filter(
        ({ node, policy }) =>
          node.id !== one.node.id && mayGo(one.policy, policy) && mayGo(policy, one.policy),
      )
      .map((other) => [one, other] as const),
  );
}

async function isOverMesh({ host }: NodeHost, peer: PeerSpec): Promise<string | undefined> {
  const wanted = meshInterface(peer.node);
  for (const address of [peer.ipv4, peer.ipv6]) {
    const found = await interfaceTowards(host, address);
    if (found !== wanted) return `${address} goes out by ${found}, not ${wanted}`;
  }
  return undefined;
}

function pingBothWays(lab: Lab, { host, spec }: NodeHost, peer: PeerSpec): Promise<string | undefined> {
  const { host: peers } = peerHost(lab, peer);
  return firstFailure([
    ping(host, peer.ipv4, spec.loopbackIpv4),
    ping(host, peer.ipv6, spec.loopbackIpv6),
    ping(peers, spec.loopbackIpv4, peer.ipv4),
    ping(peers, spec.loopbackIpv6, peer.ipv6),
  ]);
}

function pingPeer(lab: Lab, one: PeerSpec, other: PeerSpec): Promise<string | undefined> {
  const { host } = peerHost(lab, one);
  return firstFailure([ping(host, other.ipv4, one.ipv4), ping(host, other.ipv6, one.ipv6)]);
}
