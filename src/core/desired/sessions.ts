import { isLinkLocal } from '../model/ip.js';
import { type Session, type SessionEntry, uuidOf } from '../model/session.js';
import type { SessionId } from '../model/session-id.js';
import type { InterfaceAddress, Tunnel } from './desired.js';
import type { Holdings } from './holdings.js';
import type { NodeIdentity } from './node.js';

/** A session that can be configured: its tunnel, and the name that its BIRD protocols have or begin with. */
export interface DesiredSession {
  readonly session: Session;
  readonly tunnel: Tunnel;
  readonly protocol: string;
  /** The names of its BIRD protocols where they are as they were before the agent. */
  readonly formerProtocols?: readonly string[];
}

/** A session that cannot be configured as it stands; what runs under its uuid stays as it is. */
export interface Refusal {
  readonly uuid: SessionId | undefined;
  readonly reason: string;
}

export interface DesiredSessions {
  readonly sessions: readonly DesiredSession[];
  readonly refusals: readonly Refusal[];
}

interface Claims {
  /** Sessions that are refused; what runs under their uuid keeps its interface. */
  readonly refused: ReadonlySet<string>;
  readonly uuids: Set<string>;
  readonly interfaces: Map<string, string>;
  readonly ports: Map<number, string>;
  readonly protocols: Set<string>;
}

/**
 * Turns the control plane's list into tunnels and protocol names. Where two items claim the same thing, the one that
 * already runs keeps it, then the first in the list. `reservedPorts` are the mesh's listen ports, with who has them.
 */
export function desireSessions(
  entries: readonly SessionEntry[],
  node: NodeIdentity,
  keepaliveSeconds: number,
  holdings: Holdings,
  reservedPorts: ReadonlyMap<number, string>,
): DesiredSessions {
  const sessions: DesiredSession[] = [];
  const refusals: Refusal[] = entries.flatMap((entry) =>
    entry.kind === 'refused' ? [{ uuid: entry.uuid, reason: entry.reason }] : [],
  );
  const claims: Claims = {
    refused: new Set(refusals.flatMap(({ uuid }) => uuid ?? [])),
    uuids: new Set(),
    interfaces: new Map(),
    ports: new Map(reservedPorts),
    protocols: protocolsInUse(entries, holdings),
  };
  for (const session of runningFirst(entries, holdings)) {
    if (claims.uuids.has(session.uuid)) continue;
    claims.uuids.add(session.uuid);
    const reason = whyNot(session, node, holdings, claims);
    if (reason !== undefined) {
      refusals.push({ uuid: session.uuid, reason });
      continue;
    }
    claims.interfaces.set(session.interface, session.uuid);
    claims.ports.set(session.listenPort, `session ${session.uuid}`);
    const protocol = protocolName(session, holdings, claims);
    sessions.push({ session, tunnel: tunnelOf(session, node, keepaliveSeconds), protocol });
  }
  return { sessions: sessions.sort((a, b) => compareText(a.session.uuid, b.session.uuid)), refusals };
}

function runningFirst(entries: readonly SessionEntry[], holdings: Holdings): Session[] {
  const sessions = entries.flatMap((entry) => (entry.kind === 'session' ? [entry.session] : []));
  const runs = (session: Session) => {
    const owner = holdings.tunnels.get(session.interface);
    return owner?.kind === 'session' && owner.uuid === session.uuid;
  };
  return [...sessions.filter(runs), ...sessions.filter((session) => !runs(session))];
}

/** Names that a listed session already has, so that a newcomer of the same ASN does not take one away. */
function protocolsInUse(entries: readonly SessionEntry[], holdings: Holdings): Set<string> {
  const listed = entries.flatMap((entry) => uuidOf(entry) ?? []);
  return new Set(listed.flatMap((uuid) => holdings.protocols.get(uuid) ?? []));
}

function whyNot(
  session: Session,
  node: NodeIdentity,
  holdings: Holdings,
  claims: Claims,
): string | undefined {
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
  const addresses = [session.ipv4, session.ipv6, session.ipv6LinkLocal];
  const own = [node.loopbackIpv4, node.loopbackIpv6, node.linkLocal].find(
    (address) => address !== undefined && addresses.includes(address),
  );
  if (own !== undefined) return `${own} is this node's own address, not the neighbor's`;
  return whyNoTransport(session, node);
}

function whyNoTransport(session: Session, node: NodeIdentity): string | undefined {
  if (session.ipv6LinkLocal && !node.linkLocal) {
    return 'this node has no link-local address: neither the control plane nor an IPv6 loopback gives one';
  }
  if (session.ipv4 && !session.ipv6 && !session.ipv6LinkLocal && !node.loopbackIpv4) {
    return 'this node has no IPv4 loopback address to speak from';
  }
  return undefined;
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

// Routing decides what goes through a tunnel, not cryptokey routing.
const sessionAllowedIps = ['0.0.0.0/0', 'fd00::/8', 'fe80::/64'];

function tunnelOf(session: Session, node: NodeIdentity, keepaliveSeconds: number): Tunnel {
  return {
    owner: { kind: 'session', uuid: session.uuid },
    interface: session.interface,
    mtu: session.mtu,
    listenPort: session.listenPort,
    addresses: tunnelAddresses(session, node),
    peer: {
      publicKey: session.publicKey,
      presharedKey: session.presharedKey,
      endpoint: session.endpoint,
      allowedIps: sessionAllowedIps,
      persistentKeepaliveSeconds: keepaliveSeconds,
    },
  };
}

/** Our link-local on every tunnel; our loopbacks, point to point, where the neighbor has addresses of its own. */
function tunnelAddresses(session: Session, node: NodeIdentity): InterfaceAddress[] {
  const addresses: InterfaceAddress[] = [];
  if (node.linkLocal) addresses.push({ local: node.linkLocal, prefixLength: 64, peer: undefined });
  if (session.ipv4 && node.loopbackIpv4) {
    addresses.push({ local: node.loopbackIpv4, prefixLength: 32, peer: session.ipv4 });
  }
  if (session.ipv6 && node.loopbackIpv6 && !isLinkLocal(session.ipv6)) {
    addresses.push({ local: node.loopbackIpv6, prefixLength: 128, peer: session.ipv6 });
  }
  return addresses;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
