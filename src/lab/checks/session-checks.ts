import { postsOf } from '../control-plane/control-plane-state.js';
import { status, statusWord } from '../control-plane/posts.js';
import { sessionName } from '../converge.js';
import type { PeerHost } from '../hosts/peer-host.js';
import { firstFailure, ping } from '../hosts/ping.js';
import { missingInBird, missingInKernel } from '../hosts/routes.js';
import { nodeLink, routesImported } from '../hosts/view.js';
import { type Lab, nodeOf } from '../running-lab.js';
import type { PeerSpec } from '../scenario/scenario.js';
import type { Check } from './checks.js';

/** What must be so of a session that is up. */
export function sessionChecks(lab: Lab, peer: PeerSpec): Check[] {
  const check = (what: string, test: () => Promise<string | undefined>): Check => ({
    name: `${sessionName(peer)}: ${what}`,
    node: peer.node.name,
    test,
  });
  return [
    check("the node has the peer's routes", () => nodeHasRoutes(lab, peer)),
    check("the peer has the node's routes", () => peerHasRoutes(lab, peer)),
    check('ping over the tunnel', () => pingTunnel(lab, peer)),
    check('ping from loopback to loopback', () => pingLoopbacks(lab, peer)),
    check('modify posted once, active', async () => modifiesAre(lab, peer, [status.active])),
    check('reports are right', () => reportsAreRight(lab, peer)),
    check('the interface carries the mark', async () => isMarked(lab, peer)),
  ];
}

/** The session that came and went leaves nothing but two updates. */
export function newcomerCheck(lab: Lab): Check {
  const { newcomer } = lab.scenario;
  return {
    name: `${sessionName(newcomer)}: set up, then deleted without a trace`,
    node: newcomer.node.name,
    test: async () => leftovers(lab, newcomer) ?? modifiesAre(lab, newcomer, [status.active, status.deleted]),
  };
}

/** A session under review is not touched. */
export function pendingCheck(lab: Lab): Check {
  const { pending } = lab.scenario;
  return {
    name: `${sessionName(pending)}: not configured while it is under review`,
    node: pending.node.name,
    test: async () => leftovers(lab, pending) ?? modifiesAre(lab, pending, []),
  };
}

async function nodeHasRoutes(lab: Lab, peer: PeerSpec): Promise<string | undefined> {
  const node = nodeOf(lab, peer);
  return (
    (await missingInBird(node, [peer.ipv4Prefix, peer.ipv6Prefix])) ??
    missingInKernel(node.host, [peer.ipv4Prefix, peer.ipv6Prefix])
  );
}

async function peerHasRoutes(lab: Lab, peer: PeerSpec): Promise<string | undefined> {
  const host = peerHost(lab, peer);
  const prefixes = [lab.scenario.ipv4Prefix, lab.scenario.ipv6Prefix];
  return (await missingInBird(host, prefixes)) ?? missingInKernel(host.host, prefixes);
}

async function pingTunnel(lab: Lab, peer: PeerSpec): Promise<string | undefined> {
  const { host } = nodeOf(lab, peer);
  const targets =
    peer.kind === 'separate' ? [peer.ipv4, peer.ipv6] : [`${peer.linkLocal}%${peer.session.interface}`];
  return firstFailure(targets.map((target) => ping(host, target)));
}

async function pingLoopbacks(lab: Lab, peer: PeerSpec): Promise<string | undefined> {
  const { host } = peerHost(lab, peer);
  return firstFailure([
    ping(host, peer.node.loopbackIpv4, peer.ipv4),
    ping(host, peer.node.loopbackIpv6, peer.ipv6),
  ]);
}

function modifiesAre(lab: Lab, peer: PeerSpec, wanted: readonly number[]): string | undefined {
  const posts = postsOf(lab.controlPlane, 'modify').filter(({ body }) => body.uuid === peer.session.uuid);
  const told = posts.map(({ body }) => body.status);
  if (told.join() !== wanted.join()) {
    const words = posts.map(({ body }) => describe(body.status, body.error));
    return `told: ${words.join(', ') || 'nothing'}`;
  }
  const wrong = posts.find(
    ({ body, node }) =>
      node !== peer.node.name || (body.interface ?? peer.session.interface) !== peer.session.interface,
  );
  return wrong && `told of interface ${wrong.body.interface} by ${wrong.node}`;
}

function describe(code: number, error: string | null | undefined): string {
  return `${statusWord(code)}${error ? ` (${error})` : ''}`;
}

async function reportsAreRight(lab: Lab, peer: PeerSpec): Promise<string | undefined> {
  const rows = postsOf(lab.controlPlane, 'report', peer.node.name).flatMap(({ body }) =>
    body.sessions.filter(({ uuid }) => uuid === peer.session.uuid),
  );
  const [before, last] = [rows.at(-3), rows.at(-1)];
  if (!before || !last) return `${rows.length} reports`;
  const imported = routesImported(lab.view, peer);
  if (!last.rtt || last.rtt > 2000) return `rtt ${last.rtt}`;
  if (last.routesImported !== imported) return `routesImported ${last.routesImported}, BIRD says ${imported}`;
  return last.rxBytes > before.rxBytes && last.txBytes > before.txBytes
    ? undefined
    : 'byte counters do not grow';
}

function isMarked(lab: Lab, peer: PeerSpec): string | undefined {
  const alias = nodeLink(lab.view, peer)?.alias;
  return alias === `moenet-agent:${peer.session.uuid}` ? undefined : `alias ${alias}`;
}

function leftovers(lab: Lab, peer: PeerSpec): string | undefined {
  if (nodeLink(lab.view, peer)) return `${peer.session.interface} is there`;
  const protocols = lab.view.nodes
    .get(peer.node.name)
    ?.bgp.filter(({ neighborAsn }) => neighborAsn === peer.asn);
  return protocols?.[0] && `protocol ${protocols[0].name} is there`;
}

function peerHost(lab: Lab, peer: PeerSpec): PeerHost {
  const host = lab.peers.find(({ spec }) => spec.asn === peer.asn);
  if (!host) throw new Error(`AS${peer.asn} has no host`);
  return host;
}
