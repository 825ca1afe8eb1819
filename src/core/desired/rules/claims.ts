import { nameOfSession, type Session } from '../../model/session.js';
import { sessionProtocols } from '../../model/session-protocols.js';
import type { Asn } from '../../model/values/asn.js';
import { type IpAddress, isLinkLocal } from '../../model/values/ip.js';
import type { SessionId } from '../../model/values/session-id.js';
import type { Owned } from '../owned.js';
import { routedAddresses } from '../session-tunnel.js';
import { describePortInUse, type SessionFacts } from './session-rules.js';

/** Who uses an address: `the neighbor's address of session abc-123 (AS4242421080)`. */
interface Claim {
  readonly asn: Asn | undefined;
  readonly what: string;
}

/** What sessions already use, so that no other can. */
export interface Claims {
  /** Refused sessions: what runs under their uuid keeps its interface. */
  readonly refused: ReadonlySet<string>;
  readonly interfaces: Map<string, string>;
  readonly ports: Map<number, string>;
  /** Addresses at both ends of the tunnels, to which the machine has routes. */
  readonly ends: Map<string, Claim>;
  /** Our own other addresses, which several tunnels may have. */
  readonly own: Map<string, Claim>;
  /** Addresses of BGP neighbors that lead over one tunnel only. */
  readonly spoken: Map<string, Claim>;
  readonly endpoints: Map<string, Claim>;
}

/** Only the ports of the mesh, with their users. */
export function newClaims(refused: ReadonlySet<string>, reservedPorts: ReadonlyMap<number, string>): Claims {
  return {
    refused,
    interfaces: new Map(),
    ports: new Map(reservedPorts),
    ends: new Map(),
    own: new Map(),
    spoken: new Map(),
    endpoints: new Map(),
  };
}

/** Claims everything that a configured session asks for. */
export function claim(session: Session, claims: Claims): void {
  const { uuid, asn, interface: name, listenPort, localIpv4, localIpv6, ownIpv6, endpoint } = session;
  claims.interfaces.set(name, uuid);
  claims.ports.set(listenPort, nameOfSession(session));
  const of = (what: string) => ({ asn, what: `${what} of ${nameOfSession(session)}` });
  for (const address of routedAddresses(session)) take(claims.ends, address, of("the neighbor's address"));
  for (const address of [localIpv4, localIpv6]) take(claims.ends, address, of('our end of the link'));
  take(claims.own, globalOnly(ownIpv6), of('our own address'));
  for (const address of spokenAddresses(session)) take(claims.spoken, address, of("the neighbor's address"));
  take(claims.endpoints, endpoint?.host, of('the endpoint'));
}

/** Every tunnel may have the same link-local address. */
function globalOnly<T extends IpAddress>(address: T | undefined): T | undefined {
  return address !== undefined && isLinkLocal(address) ? undefined : address;
}

function spokenAddresses(session: Session): IpAddress[] {
  return sessionProtocols(session, '').flatMap(({ neighbor }) => globalOnly(neighbor) ?? []);
}

/** Claims the addresses on the tunnel of a refused session: what runs of it stays. */
export function claimCarried(
  { uuid, asn }: { readonly uuid: SessionId | undefined; readonly asn: Asn | undefined },
  { carried }: SessionFacts,
  { ends }: Claims,
): void {
  const what = `the neighbor's address of session ${uuid}${asn === undefined ? '' : ` (AS${asn})`}`;
  for (const address of carried.get(uuid ?? '') ?? []) take(ends, address, { asn, what });
}

function take(claims: Map<string, Claim>, address: string | undefined, by: Claim): void {
  if (address !== undefined && !claims.has(address)) claims.set(address, by);
}

/** Who already uses what the session asks for; undefined where nobody does. */
export function whyClaimed(session: Session, owned: Owned, claims: Claims): string | undefined {
  const { interface: name } = session;
  if (owned.foreignInterfaces.has(name)) {
    return `interface: ${name} exists and was not made by the agent; choose another name, remove it, or adopt it (moenet-agent adopt)`;
  }
  const owner = owned.tunnels.get(name);
  if (owner && owner.kind !== 'session') return `interface: ${name} belongs to the mesh`;
  const keeper = owner && claims.refused.has(owner.uuid) ? owner.uuid : undefined;
  const other = keeper ?? claims.interfaces.get(name);
  if (other !== undefined) return `interface: ${name} is already used by session ${other}`;
  const portHolder = claims.ports.get(session.listenPort);
  if (portHolder !== undefined) return describePortInUse(session, portHolder);
  return whyAddressClaimed(session, claims);
}

/** BIRD assigns a connection to the first session with the address, over whichever tunnel it comes. */
export function whySpokenClaimed(session: Session, { spoken }: Claims): string | undefined {
  const address = spokenAddresses(session).find((each) => spoken.has(each));
  return (
    address &&
    `${address} is already ${spoken.get(address)?.what}, and BGP with one address runs over one tunnel only; give the second link a link-local address, or a /31 or /127 of its own`
  );
}

/** Sessions of one ASN may share an address: they are links to the same router. */
function whyAddressClaimed(session: Session, { ends, own, endpoints }: Claims): string | undefined {
  const { asn, localIpv4, localIpv6, ownIpv6, endpoint } = session;
  const others = (address: IpAddress) => ends.get(address) ?? own.get(address) ?? endpoints.get(address);
  const ours = [...routedAddresses(session), localIpv4, localIpv6].flatMap((address) => address ?? []);
  const wanted = [
    ...ours.map((address) => ({ address, holder: others(address) })),
    ...(ownIpv6 ? [{ address: ownIpv6, holder: ends.get(ownIpv6) ?? endpoints.get(ownIpv6) }] : []),
    ...(endpoint ? [{ address: endpoint.host, holder: ends.get(endpoint.host) }] : []),
  ];
  const claimed = wanted.find(({ holder }) => holder && holder.asn !== asn);
  return claimed && `${claimed.address} is already ${claimed.holder?.what}`;
}
