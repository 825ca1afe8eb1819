import type { Asn } from '../model/asn.js';
import { type Session, type SessionEntry, uuidOf } from '../model/session.js';
import type { SessionId } from '../model/session-id.js';
import type { Tunnel } from './desired.js';
import type { Disabled } from './disabled.js';
import type { Holdings } from './holdings.js';
import type { NodeIdentity } from './node.js';
import { factsOf, judgeSession, type SessionFacts } from './session-rules.js';
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
  const warnings: string[] = [];
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
    endpoints: new Map(),
  };
  for (const entry of entries) if (entry.kind === 'refused') claimCarried(entry, facts, claims);
  for (const session of runningFirst(entries, holdings)) {
    if (claims.uuids.has(session.uuid)) continue;
    claims.uuids.add(session.uuid);
    const judgement = judgeSession(session, holdings, facts);
    const reason = judgement.reason ?? whyTaken(session, holdings, claims) ?? whyUnreachable(session, node);
    if (reason !== undefined) {
      refusals.push({ uuid: session.uuid, reason });
      claimCarried(session, facts, claims);
      continue;
    }
    claim(session, claims);
    warnings.push(...judgement.warnings);
    const protocol = protocolName(session, holdings, claims);
    sessions.push({ session, tunnel: sessionTunnel(session, node, keepaliveSeconds), protocol });
  }
  sessions.sort((a, b) => compareText(a.session.uuid, b.session.uuid));
  return { sessions, refusals, warnings: warnings.sort(compareText) };
}

function claim(session: Session, claims: Claims): void {
  const { uuid, asn, interface: name, listenPort, localIpv4, localIpv6, endpoint } = session;
  claims.interfaces.set(name, uuid);
  claims.ports.set(listenPort, `session ${uuid}`);
  const of = (what: string) => ({ asn, what: `${what} of session ${uuid} (AS${asn})` });
  for (const address of routedAddresses(session)) take(claims.ends, address, of("the neighbor's address"));
  for (const address of [localIpv4, localIpv6]) take(claims.ends, address, of('our end of the link'));
  take(claims.endpoints, endpoint?.host, of('the endpoint'));
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

function runningFirst(entries: readonly SessionEntry[], holdings: Holdings): Session[] {
  const sessions = entries.flatMap((entry) => (entry.kind === 'session' ? [entry.session] : []));
  const runs = (session: Session) => {
    const owner = holdings.tunnels.get(session.interface);
    return owner?.kind === 'session' && owner.uuid === session.uuid;
  };
  return [...sessions.filter(runs), ...sessions.filter((session) => !runs(session))];
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
    stays(uuid) || (mayBeMeant && !listed.has(uuid)) || !files.has(`peers/${name}.conf`);
  return new Set([...protocols].filter(isInUse).map(([, name]) => name));
}

/** Why another has what the session asks for. */
function whyTaken(session: Session, holdings: Holdings, claims: Claims): string | undefined {
  const { interface: name, listenPort } = session;
  if (holdings.foreignInterfaces.has(name)) {
    return `interface: ${name} exists and was not made by the agent; choose another name, remove it, or take it over (moenet-agent adopt)`;
  }
  const owner = holdings.tunnels.get(name);
  if (owner && owner.kind !== 'session') return `interface: ${name} belongs to the mesh`;
  const keeper = owner && claims.refused.has(owner.uuid) ? owner.uuid : undefined;
  const other = keeper ?? claims.interfaces.get(name);
  if (other !== undefined) return `interface: ${name} is already used by session ${other}`;
  const portHolder = claims.ports.get(listenPort);
  if (portHolder !== undefined) return `port: ${listenPort} is already used by ${portHolder}`;
  return whyAddressTaken(session, claims);
}

/** Sessions of one ASN may have one address between them: the other is a second link to the same router. */
function whyAddressTaken(session: Session, { ends, endpoints }: Claims): string | undefined {
  const { asn, localIpv4, localIpv6, endpoint } = session;
  const ours = [...routedAddresses(session), localIpv4, localIpv6].flatMap((address) => address ?? []);
  const wanted = [
    ...ours.map((address) => ({ address, holder: ends.get(address) ?? endpoints.get(address) })),
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
  const plain = `dn42_${session.asn}`;
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
