import type { AnyLab } from '../any-lab.js';
import { postsOf } from '../control-plane/control-plane-state.js';
import { interfaceTowards } from '../hosts/kernel-routes.js';
import type { NodeHost } from '../hosts/node-host.js';
import { firstFailure, ping } from '../hosts/ping.js';
import { showRoutes } from '../hosts/show-routes.js';
import { ibgpSession, meshTunnel } from '../hosts/view.js';
import type { Lab } from '../running-lab.js';
import { ibgpPeersOf, isOfMesh, meshInterface, type NodeSpec } from '../scenario/node-spec.js';
import { acceptedPrefixes } from '../scenario/policy-table.js';
import { type Check, checksOf } from './check.js';

/** What must be so between a node and our others: tunnels, the way to their loopbacks, iBGP and what it brings. */
export function internalChecks(lab: Lab, node: NodeHost): Check[] {
  const { name } = node.spec;
  const { nodes } = lab.scenario;
  const check = checksOf(name, name);
  const others = nodes.filter(({ id }) => id !== node.spec.id);
  const ibgpPeers = ibgpPeersOf(nodes, node.spec);
  const reflected = others.filter((other) => !ibgpPeers.includes(other));
  return [
    ...others.flatMap((other) => [
      check(`mesh tunnel to ${other.name}`, async () => meshIsUp(lab, node.spec, other)),
      check(`Babel route to the loopback of ${other.name}`, () => loopbackIsNear(node, other)),
      check(`ping to the loopback of ${other.name}`, () => pingNode(node, other)),
    ]),
    ...ibgpPeers.map((other) =>
      check(`iBGP with ${other.name}`, async () => ibgpIsUp(lab, node.spec, other)),
    ),
    ...reflected.map((other) =>
      check(`the routes of ${other.name} by the route reflector alone`, () => isReflected(lab, node, other)),
    ),
  ];
}

/** Says what is not as it should be with the mesh tunnel from one node to another. */
export function meshIsUp(lab: AnyLab, node: NodeSpec, other: NodeSpec): string | undefined {
  const tunnel = meshTunnel(lab.view, node, other);
  const alias = lab.view.nodes.get(node.name)?.links.get(meshInterface(other))?.alias;
  const told = postsOf(lab.controlPlane, 'mesh/status', node.name).at(-1)?.body.peers[String(other.id)];
  if (!tunnel?.handshakeSeconds) return 'no handshake';
  if (alias !== `moenet-agent:mesh:${other.id}`) return `alias ${alias}`;
  return told === 'configured' ? undefined : `mesh/status: ${told}`;
}

async function loopbackIsNear(node: NodeHost, other: NodeSpec): Promise<string | undefined> {
  const routes = await showRoutes(node);
  for (const address of [other.loopbackIpv4, other.loopbackIpv6]) {
    const host = `${address}/${address.includes(':') ? 128 : 32}`;
    const best = routes.find(({ prefix, best: isBest }) => prefix === host && isBest);
    if (best?.protocol !== 'moenet_babel') return `${host} is from ${best?.protocol ?? 'nowhere'}`;
    const out = await interfaceTowards(node.host, address);
    if (!isOfMesh(out)) return `${address} goes out by ${out}`;
  }
  return undefined;
}

function pingNode({ host, spec }: NodeHost, other: NodeSpec): Promise<string | undefined> {
  return firstFailure([
    ping(host, other.loopbackIpv4, spec.loopbackIpv4),
    ping(host, other.loopbackIpv6, spec.loopbackIpv6),
  ]);
}

/** Says in what state the iBGP session of a node with another one is where it is not Established. */
export function ibgpIsUp(lab: AnyLab, node: NodeSpec, other: NodeSpec): string | undefined {
  const state = ibgpSession(lab.view, node, other)?.state ?? 'no session';
  return state === 'Established' ? undefined : state;
}

/** The reflector names the node that brought a route in, by its router id (RFC 4456, ORIGINATOR_ID). */
async function isReflected(lab: Lab, node: NodeHost, other: NodeSpec): Promise<string | undefined> {
  if (ibgpSession(lab.view, node.spec, other)) return `there is a session with ${other.name}`;
  const routes = await showRoutes(node);
  const wanted = lab.scenario.peers
    .filter((peer) => peer.node.id === other.id)
    .map((peer) => ({ asn: peer.asn, prefixes: acceptedPrefixes(peer).slice(0, 2) }));
  for (const { asn, prefixes } of wanted) {
    const missing = prefixes.find(
      (prefix) =>
        !routes.some(
          (route) =>
            route.prefix === prefix && route.asPath[0] === asn && route.originatorId === other.loopbackIpv4,
        ),
    );
    if (missing !== undefined) return `no route to ${missing} that ${other.name} brought in`;
  }
  return undefined;
}
