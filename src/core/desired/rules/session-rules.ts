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

/** What sessions must not use of the machine and the network. */
export interface SessionFacts {
  readonly neighbors: NeighborRules;
  readonly ports: PortFacts;
  readonly endpoints: EndpointFacts;
  /** This node's own key and ASN; undefined where unknown. */
  readonly own: { readonly publicKey: string | undefined; readonly asn: Asn | undefined };
  /** The interface of the loopback addresses. */
  readonly loopback: string | undefined;
  /** Session uuid → neighbor addresses that passed the rules before. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** Session uuid → the far ends of the addresses on its tunnel now. */
  readonly carried: ReadonlyMap<string, readonly string[]>;
}

/** The facts where only the node itself is known. */
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

/** Why a session is refused, and warnings about one that is not. */
export interface Judgement {
  readonly reason: string | undefined;
  readonly warnings: readonly string[];
}

/** Checks what the session would use of the machine: its addresses, its interface's name, its port, its endpoint. */
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

/** The kernel silently drops a peer with the interface's own key; BGP with our own ASN is iBGP. */
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
  return holder && describePortInUse(session, holder);
}

/** Why the session cannot listen on its port, which `holder` uses. */
export function describePortInUse({ listenPort, isDefaultPort }: Session, holder: string): string {
  const inUse = `${listenPort} is already used by ${holder}`;
  return isDefaultPort
    ? `port: the control plane names none, and the default ${inUse}; give the session a port of its own`
    : `port: ${inUse}`;
}

/** If an address gets another use while it is the neighbor's, the session keeps it, with a warning. */
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

/** With another network's address on our tunnel, its packets would end here. */
function whyNotOwn({ ownIpv6 }: Session, rules: NeighborRules): string | undefined {
  if (ownIpv6 === undefined || isLinkLocal(ownIpv6)) return undefined;
  const blocks = rules.ownBlocks.filter((block) => block.includes(':'));
  const isOurs = blocks.length === 0 || blocks.some((block) => isWithin(ownIpv6, block));
  const what =
    whyNotNeighbor(ownIpv6, rules, true)?.what ?? (isOurs ? undefined : `not in our own block ${blocks}`);
  return what && `ipv6LinkLocal: ${ownIpv6} is ${what}, so it cannot be our own address on the tunnel`;
}

/** True where the neighbor had the address, or the link, before the address got its other use. */
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

/** Our end must be checked as well: with it, the whole /31 or /127 is on the link. */
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

/** A tunnel that exists keeps its endpoint, even if the name no longer resolves to a peer. */
function judgeEndpoint(session: Session, owned: Owned, { endpoints }: SessionFacts): Judgement {
  const { endpoint } = session;
  const inside = endpoint && neighborAddresses(session).some((address) => address === endpoint.host);
  if (inside) {
    const reason = `endpoint: ${endpoint.host} is the neighbor's address inside the tunnel, which this node reaches only through the tunnel`;
    return { reason, warnings: [] };
  }
  const not = endpoint && whyNoEndpoint(endpoint, endpoints);
  if (!not) return { reason: undefined, warnings: [] };
  if (!not.named || !hasOwnTunnel(session, owned)) return { reason: `endpoint: ${not.reason}`, warnings: [] };
  const warning = `${nameOfSession(session)}: ${not.reason}; the tunnel keeps the endpoint that it has`;
  return { reason: undefined, warnings: [warning] };
}

/**
 * Why an address must not be on the tunnel of a session: its far end, or our end of a /31 or /127, cannot be a neighbor's.
 * Such an address diverts packets that the machine or the network needs.
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
