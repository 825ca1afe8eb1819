import type { InterfaceAddress } from '../../model/artifacts.js';
import { nameOfSession, type Session } from '../../model/session.js';
import type { Asn } from '../../model/values/asn.js';
import { type IpAddress, isLinkLocal, otherEnd } from '../../model/values/ip.js';
import { isWithin } from '../../model/values/network.js';
import type { NodeIdentity } from '../node.js';
import { hasOwnTunnel, type Owned } from '../owned.js';
import { farEnd, neighborAddresses } from '../session-tunnel.js';
import { type EndpointFacts, whyNoEndpoint } from './endpoint-rules.js';
import { whyNotTunnelName } from './machine-names.js';
import { type NeighborRules, type NotNeighbor, neighborRules, whyNotNeighbor } from './neighbor-rules.js';
import { noPortFacts, type PortFacts, portHolder } from './port-rules.js';

/** What of the machine and of the network no session may take. */
export interface SessionFacts {
  readonly neighbors: NeighborRules;
  readonly ports: PortFacts;
  readonly endpoints: EndpointFacts;
  /** What this node itself is known by; undefined where it is not known. */
  readonly own: { readonly publicKey: string | undefined; readonly asn: Asn | undefined };
  /** The interface of the loopback addresses. */
  readonly loopback: string | undefined;
  /** Session uuid → addresses that were found good as its neighbor's before. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** Session uuid → the far ends of the addresses that are on its tunnel now. */
  readonly carried: ReadonlyMap<string, readonly string[]>;
}

/** Where nothing is known but who the node is. */
export function factsOf(node: NodeIdentity): SessionFacts {
  return {
    neighbors: neighborRules({ node }),
    ports: noPortFacts,
    endpoints: { own: new Map(), resolved: new Map() },
    own: { publicKey: undefined, asn: node.asn },
    loopback: undefined,
    known: {},
    carried: new Map(),
  };
}

/** What speaks against a session, and what is to be said of one that has nothing against it. */
export interface Judgement {
  readonly reason: string | undefined;
  readonly warnings: readonly string[];
}

/** Judges what the session would take of the machine: its addresses, its interface's name, its port, its endpoint. */
export function judgeSession(session: Session, owned: Owned, facts: SessionFacts): Judgement {
  const addresses = judgeAddresses(session, facts);
  const endpoint = judgeEndpoint(session, owned, facts);
  const reasons = [
    whyOurselves(session, facts),
    addresses.reason,
    hasOwnTunnel(session, owned) ? undefined : whyNotName(session, facts),
    whyNotPort(session, facts),
    endpoint.reason,
  ];
  return {
    reason: reasons.find((reason) => reason !== undefined),
    warnings: [...addresses.warnings, ...endpoint.warnings],
  };
}

/** The kernel leaves out a peer with the interface's own key, and says nothing; BGP with our own ASN is iBGP. */
function whyOurselves({ publicKey, asn }: Session, { own }: SessionFacts): string | undefined {
  if (publicKey === own.publicKey) return `credential: the public key is this node's own, not the peer's`;
  return asn === own.asn
    ? `asn: AS${asn} is this node's own; our own nodes are in the mesh, and a session is with another network`
    : undefined;
}

function whyNotName({ interface: name }: Session, { loopback }: SessionFacts): string | undefined {
  const reason = whyNotTunnelName(name, loopback);
  return reason && `interface: ${reason}; choose another name, such as dn42_ and the ASN's last digits`;
}

function whyNotPort(session: Session, { ports }: SessionFacts): string | undefined {
  const holder = portHolder(session.listenPort, session.interface, ports);
  return holder && describePortTaken(session, holder);
}

/** Why the session cannot listen on its port, which `holder` has. */
export function describePortTaken({ listenPort, isDefaultPort }: Session, holder: string): string {
  const taken = `${listenPort} is already used by ${holder}`;
  return isDefaultPort
    ? `port: the control plane names none, and the default ${taken}; give the session a port of its own`
    : `port: ${taken}`;
}

/** An address that became something else while it was the neighbor's stays the neighbor's, and an operator hears of it. */
function judgeAddresses(session: Session, { neighbors, known }: SessionFacts): Judgement {
  const { uuid, ipv4, ipv6, localIpv4, localIpv6 } = session;
  const warnings: string[] = [];
  for (const address of neighborAddresses(session)) {
    const inPair =
      (address === ipv4 && localIpv4 !== undefined) || (address === ipv6 && localIpv6 !== undefined);
    const not = whyNotNeighbor(address, neighbors, inPair);
    if (not === undefined) continue;
    if (!hadItFirst(not, known[uuid], address))
      return { reason: describeNot(address, not.what, not.hint), warnings: [] };
    warnings.push(
      `${nameOfSession(session)}: its neighbor's address ${address} is now ${not.what} as well; the session keeps it, because it had it first`,
    );
  }
  return { reason: whyNotLocal(session, neighbors, known[uuid]) ?? whyNotOwn(session, neighbors), warnings };
}

/** Another network's address on our tunnel would keep its packets here. */
function whyNotOwn({ ownIpv6 }: Session, rules: NeighborRules): string | undefined {
  if (ownIpv6 === undefined || isLinkLocal(ownIpv6)) return undefined;
  const blocks = rules.ownBlocks.filter((block) => block.includes(':'));
  const isOurs = blocks.length === 0 || blocks.some((block) => isWithin(ownIpv6, block));
  const what =
    whyNotNeighbor(ownIpv6, rules, true)?.what ?? (isOurs ? undefined : `not in our own block ${blocks}`);
  return what && `ipv6LinkLocal: ${ownIpv6} is ${what}, so it cannot be our own address on the tunnel`;
}

/** True for an address, or our end of its link, that became something else after it was the neighbor's. */
function hadItFirst(
  { movable }: NotNeighbor,
  known: readonly string[] | undefined,
  neighbor: IpAddress | undefined,
): boolean {
  return movable && known?.some((address) => address === neighbor) === true;
}

function describeNot(address: IpAddress, what: string, hint: string | undefined): string {
  return `${address} is ${what}${hint ? `; ${hint}` : ", not the neighbor's"}`;
}

/** Our end is as much ours to check: with it, the whole /31 or /127 is on the link. */
function whyNotLocal(
  { ipv4, ipv6, localIpv4, localIpv6 }: Session,
  rules: NeighborRules,
  known: readonly string[] | undefined,
): string | undefined {
  const pairs = [
    [localIpv4, ipv4, '/31'],
    [localIpv6, ipv6, '/127'],
  ] as const;
  for (const [local, neighbor, length] of pairs) {
    const not = local && whyNotNeighbor(local, rules, true);
    if (not && !hadItFirst(not, known, neighbor))
      return `${local} is ${not.what}, so it cannot be our end of the ${length} with ${neighbor}`;
  }
  return undefined;
}

/** A tunnel that exists goes on with the endpoint that it has, whatever becomes of the name. */
function judgeEndpoint(session: Session, owned: Owned, { endpoints }: SessionFacts): Judgement {
  const { endpoint } = session;
  const inside = endpoint && neighborAddresses(session).some((address) => address === endpoint.host);
  if (inside) {
    const reason = `endpoint: ${endpoint.host} is the neighbor's address inside the tunnel, which is not reached without the tunnel`;
    return { reason, warnings: [] };
  }
  const not = endpoint && whyNoEndpoint(endpoint, endpoints);
  if (!not) return { reason: undefined, warnings: [] };
  if (!not.named || !hasOwnTunnel(session, owned)) return { reason: `endpoint: ${not.reason}`, warnings: [] };
  const warning = `${nameOfSession(session)}: ${not.reason}; the tunnel keeps the endpoint that it has`;
  return { reason: undefined, warnings: [warning] };
}

/**
 * Why the address that is on a tunnel of a session must not be there: the far end, or our end of a /31 or /127, is nobody
 * who may be a neighbor. What such an address leads away are packets to something that the machine or the network needs.
 */
export function whyDangerous(
  uuid: string,
  address: InterfaceAddress,
  { neighbors, known }: SessionFacts,
): string | undefined {
  const far = farEnd(address);
  if (!far) return undefined;
  const ends = far.inPair ? [far.address, otherEnd(far.address)] : [far.address];
  for (const end of ends) {
    const not = whyNotNeighbor(end, neighbors, far.inPair);
    if (not && !hadItFirst(not, known[uuid], far.address)) return describeNot(end, not.what, not.hint);
  }
  return undefined;
}
