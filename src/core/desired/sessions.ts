import type { Tunnel } from '../model/artifacts.js';
import type { Disabled } from '../model/disabled.js';
import { sessionFile, sessionProtocolName } from '../model/names.js';
import { nameOfSession, type Session, type SessionEntry, uuidOf } from '../model/session.js';
import { sessionProtocols } from '../model/session-protocols.js';
import type { Asn } from '../model/values/asn.js';
import { type IpAddress, isLinkLocal } from '../model/values/ip.js';
import type { SessionId } from '../model/values/session-id.js';
import { describeFamilies } from './describe-families.js';
import type { Holdings } from './holdings.js';
import type { NodeIdentity } from './node.js';
import { describePortTaken, factsOf, judgeSession, type SessionFacts } from './rules/session-rules.js';
import { routedAddresses, sessionTunnel, whyUnreachable } from './session-tunnel.js';

/** A session that can be configured: its tunnel, and the name that its BIRD protocols have or begin with. */
export interface DesiredSession {
  readonly session: Session;
  readonly tunnel: Tunnel;
  readonly protocol: string;
  /** The names of its BIRD protocols where they are as they were before the agent. */
  readonly formerProtocols?: readonly string[];
  /** Absent where no operator has switched it off on this node. */
  readonly disabled?: Disabled | undefined;
}

/** A session that cannot be configured as it stands; what runs under its uuid stays as it is, unless it is dangerous. */
export interface Refusal {
  readonly uuid: SessionId | undefined;
  readonly reason: string;
}

export interface DesiredSessions {
  readonly sessions: readonly DesiredSession[];
  readonly refusals: readonly Refusal[];
  /** What an operator should know of sessions that are configured all the same. */
  readonly warnings: readonly string[];
  /** What he may want to know of them, and is no fault. */
  readonly notes: readonly string[];
}

/** Who has an address: `the neighbor's address of session abc-123 (AS4242421080)`. */
interface Claim {
  readonly asn: Asn | undefined;
  readonly what: string;
}

interface Claims {
  /** Sessions that are refused; what runs under their uuid keeps its interface. */
  readonly refused: ReadonlySet<string>;
  readonly uuids: Set<string>;
  readonly interfaces: Map<string, string>;
  readonly ports: Map<number, string>;
  readonly protocols: Set<string>;
  /** Addresses at both ends of the tunnels, which are routes of the machine. */
  readonly ends: Map<string, Claim>;
  /** Our own addresses besides, which several tunnels may have. */
  readonly own: Map<string, Claim>;
  /** Addresses that BGP is spoken with and that lead over one tunnel only. */
  readonly spoken: Map<string, Claim>;
  readonly endpoints: Map<string, Claim>;
}

/**
 * Turns the control plane's list into tunnels and protocol names. Where two items claim the same thing, the one that
 * already runs keeps it, then the first in the list. `reservedPorts` are the mesh's listen ports, with who has them; `facts`
 * what of the machine no session may take; `withheld` the sessions that stay although the list leaves them out.
 */
export function desireSessions(
  entries: readonly SessionEntry[],
  node: NodeIdentity,
  keepaliveSeconds: number,
  holdings: Holdings,
  reservedPorts: ReadonlyMap<number, string>,
  facts: SessionFacts = factsOf(node),
  withheld: readonly SessionId[] = [],
): DesiredSessions {
  const sessions: DesiredSession[] = [];
  const warnings = doubleUuids(entries);
  const refusals: Refusal[] = entries.flatMap((entry) =>
    entry.kind === 'refused' ? [{ uuid: entry.uuid, reason: entry.reason }] : [],
  );
  const claims: Claims = {
    refused: new Set(refusals.flatMap(({ uuid }) => uuid ?? [])),
    uuids: new Set(),
    interfaces: new Map(),
    ports: new Map(reservedPorts),
    protocols: protocolsInUse(entries, holdings, withheld),
    ends: new Map(),
    own: new Map(),
    spoken: new Map(),
    endpoints: new Map(),
  };
  for (const entry of entries) if (entry.kind === 'refused') claimCarried(entry, facts, claims);
  for (const session of inOrderOfClaims(entries, holdings)) {
    if (claims.uuids.has(session.uuid)) continue;
    claims.uuids.add(session.uuid);
    const judgement = judgeSession(session, holdings, facts);
    const shared = whySpokenTaken(session, claims);
    const reason =
      judgement.reason ??
      whyTaken(session, holdings, claims) ??
      whyUnreachable(session, node) ??
      (runs(session, holdings) ? undefined : shared);
    if (reason !== undefined) {
      refusals.push({ uuid: session.uuid, reason });
      claimCarried(session, facts, claims);
      continue;
    }
    claim(session, claims);
    warnings.push(...judgement.warnings);
    if (shared !== undefined) warnings.push(`${nameOfSession(session)}: ${shared}`);
    const protocol = protocolName(session, holdings, claims);
    sessions.push({ session, tunnel: sessionTunnel(session, node, keepaliveSeconds), protocol });
  }
  sessions.sort((a, b) => compareText(a.session.uuid, b.session.uuid));
  const notes = sessions.flatMap(({ session }) => describeFamilies(session));
  return { sessions, refusals, warnings: warnings.sort(compareText), notes };
}

/** The control plane knows a session by its uuid alone: what it is told of one row, it takes for the other. */
function doubleUuids(entries: readonly SessionEntry[]): string[] {
  const once = new Set<string>();
  const twice = new Set<string>();
  for (const uuid of entries.flatMap((entry) => uuidOf(entry) ?? []))
    (once.has(uuid) ? twice : once).add(uuid);
  return [...twice].map(
    (uuid) =>
      `session ${uuid} is in the control plane's list more than once: the agent takes the one that runs, else the first, and ignores the others`,
  );
}

function claim(session: Session, claims: Claims): void {
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

/** A link-local address is of its link alone, so that every tunnel may have it. */
function globalOnly<T extends IpAddress>(address: T | undefined): T | undefined {
  return address !== undefined && isLinkLocal(address) ? undefined : address;
}

function spokenAddresses(session: Session): IpAddress[] {
  return sessionProtocols(session, '').flatMap(({ neighbor }) => globalOnly(neighbor) ?? []);
}

/** What runs of a session that cannot be configured as it stands stays, and so do its addresses. */
function claimCarried(
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

/** Who runs keeps what it has; who asks for a port by its number comes before who takes the default. */
function inOrderOfClaims(entries: readonly SessionEntry[], holdings: Holdings): Session[] {
  const sessions = entries.flatMap((entry) => (entry.kind === 'session' ? [entry.session] : []));
  const rank = (session: Session) => {
    if (runs(session, holdings)) return 0;
    return session.isDefaultPort ? 2 : 1;
  };
  return sessions.toSorted((a, b) => rank(a) - rank(b));
}

function runs({ uuid, interface: name }: Session, { tunnels }: Holdings): boolean {
  const owner = tunnels.get(name);
  return owner?.kind === 'session' && owner.uuid === uuid;
}

/**
 * Names of sessions that stay, so that a newcomer of the same ASN takes none of them away. The name of one that goes is
 * free in the same pass: its file becomes the newcomer's.
 */
function protocolsInUse(
  entries: readonly SessionEntry[],
  { protocols, files }: Holdings,
  withheld: readonly SessionId[],
): Set<string> {
  const ids = (some: readonly SessionEntry[]) =>
    new Set<string>(some.flatMap((entry) => uuidOf(entry) ?? []));
  const listed = ids(entries);
  const staying = ids(entries.filter(({ kind }) => kind !== 'ignored'));
  const mayBeMeant = entries.some((entry) => uuidOf(entry) === undefined);
  const stays = (uuid: string) => staying.has(uuid) || withheld.some((each) => each === uuid);
  const isInUse = ([uuid, name]: readonly [string, string]) =>
    stays(uuid) || (mayBeMeant && !listed.has(uuid)) || !files.has(sessionFile(name));
  return new Set([...protocols].filter(isInUse).map(([, name]) => name));
}

/** Why another has what the session asks for. */
function whyTaken(session: Session, holdings: Holdings, claims: Claims): string | undefined {
  const { interface: name } = session;
  if (holdings.foreignInterfaces.has(name)) {
    return `interface: ${name} exists and was not made by the agent; choose another name, remove it, or take it over (moenet-agent adopt)`;
  }
  const owner = holdings.tunnels.get(name);
  if (owner && owner.kind !== 'session') return `interface: ${name} belongs to the mesh`;
  const keeper = owner && claims.refused.has(owner.uuid) ? owner.uuid : undefined;
  const other = keeper ?? claims.interfaces.get(name);
  if (other !== undefined) return `interface: ${name} is already used by session ${other}`;
  const portHolder = claims.ports.get(session.listenPort);
  if (portHolder !== undefined) return describePortTaken(session, portHolder);
  return whyAddressTaken(session, claims);
}

/** Either end takes a connection from the address for the first session that has it, whatever tunnel it comes over. */
function whySpokenTaken(session: Session, { spoken }: Claims): string | undefined {
  const address = spokenAddresses(session).find((each) => spoken.has(each));
  return (
    address &&
    `${address} is already ${spoken.get(address)?.what}, and BGP with one address runs over one tunnel only; give the second link a link-local address, or a /31 or /127 of its own`
  );
}

/** Sessions of one ASN may have one address between them: the other is a second link to the same router. */
function whyAddressTaken(session: Session, { ends, own, endpoints }: Claims): string | undefined {
  const { asn, localIpv4, localIpv6, ownIpv6, endpoint } = session;
  const others = (address: IpAddress) => ends.get(address) ?? own.get(address) ?? endpoints.get(address);
  const ours = [...routedAddresses(session), localIpv4, localIpv6].flatMap((address) => address ?? []);
  const wanted = [
    ...ours.map((address) => ({ address, holder: others(address) })),
    ...(ownIpv6 ? [{ address: ownIpv6, holder: ends.get(ownIpv6) ?? endpoints.get(ownIpv6) }] : []),
    ...(endpoint ? [{ address: endpoint.host, holder: ends.get(endpoint.host) }] : []),
  ];
  const taken = wanted.find(({ holder }) => holder && holder.asn !== asn);
  return taken && `${taken.address} is already ${taken.holder?.what}`;
}

/**
 * `dn42_<asn>`; a second session of the same ASN has its interface's name behind it. A name once given stays with
 * its session while the ASN does, for renaming a protocol resets it.
 */
function protocolName(session: Session, holdings: Holdings, claims: Claims): string {
  const plain = sessionProtocolName(session.asn);
  const present = holdings.protocols.get(session.uuid);
  if (present === plain || present?.startsWith(`${plain}_`)) return present;
  const suffix = session.interface.replace(/[^A-Za-z0-9]/g, '_');
  const candidates = [plain, `${plain}_${suffix}`, `${plain}_${session.listenPort}`];
  const name =
    candidates.find((candidate) => !claims.protocols.has(candidate)) ??
    `${plain}_${suffix}_${session.listenPort}`;
  claims.protocols.add(name);
  return name;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The names of a session's BIRD protocols, as they are to be there now. */
export function protocolNames({ session, protocol, formerProtocols }: DesiredSession): readonly string[] {
  return formerProtocols ?? sessionProtocols(session, protocol).map(({ name }) => name);
}
