import { sessionFile } from '../model/names.js';
import { type BirdProtocol, isEstablished, type Observed } from '../model/observed.js';
import type { Session, SessionEntry } from '../model/session.js';
import { sessionProtocols } from '../model/session-protocols.js';
import { type IpAddress, type Ipv6, isLinkLocal, parseIpv6 } from '../model/values/ip.js';
import type { NodeIdentity } from './node.js';
import type { Owned } from './owned.js';

/** What the system shows of the sessions that run. */
export interface Running {
  readonly observed: Pick<Observed, 'bird' | 'birdFiles'>;
  readonly owned: Pick<Owned, 'protocols'>;
  /** Uuids of sessions that have been Established since they were last set up. */
  readonly wereUp: ReadonlySet<string>;
  /** Uuid → how the row was read before. */
  readonly readings: Readings;
}

/** How the addresses of a row are read until one of them changes. */
interface Reading {
  readonly addresses: string;
  /** True where the rule says otherwise, but BGP already ran this way. */
  readonly isTurned: boolean;
}

export type Readings = Readonly<Record<string, Reading>>;

/**
 * Decides whose an address of a row is where the row is ambiguous. If BGP runs, or ran, when the agent first reads the row,
 * BGP's address decides, until somebody edits an address: no rule, not even a newer agent's, resets a working session.
 */
export function readAddresses(
  entries: readonly SessionEntry[],
  node: NodeIdentity,
  running: Running,
): { readonly entries: readonly SessionEntry[]; readonly readings: Readings } {
  const speech = { ...running, established: byAsn(running.observed.bird) };
  // A uuid may be any word, also `constructor`.
  const readings = new Map<string, Reading>();
  const read = entries.map((entry) => {
    if (entry.kind !== 'session') return entry;
    const reading = readingOf(entry.session, node, speech);
    readings.set(entry.session.uuid, reading);
    const session = withNextHop(withoutUsual(sorted(entry.session, node, reading), node), node);
    return {
      ...entry,
      session: keepsOneFamily(session, speech) ? { ...session, keepsOneFamily: true } : session,
    };
  });
  return { entries: read, readings: Object.fromEntries(readings) };
}

interface Speech extends Running {
  /** The BGP protocols that are Established, by the neighbor's ASN. */
  readonly established: ReadonlyMap<number | undefined, readonly BirdProtocol[]>;
}

function byAsn(bird: Observed['bird']): Speech['established'] {
  const established = new Map<number | undefined, BirdProtocol[]>();
  for (const protocol of bird.running ? bird.protocols.filter(isEstablished) : []) {
    const asn = protocol.bgp?.neighborAs;
    established.set(asn, [...(established.get(asn) ?? []), protocol]);
  }
  return established;
}

function readingOf(session: Session, node: NodeIdentity, speech: Speech): Reading {
  const { ipv6, ipv6LinkLocal, ownIpv6 } = session;
  const addresses = [ipv6, ipv6LinkLocal, ownIpv6].join(' ');
  const before = Object.hasOwn(speech.readings, session.uuid) ? speech.readings[session.uuid] : undefined;
  if (before) return { addresses, isTurned: before.isTurned && before.addresses === addresses };
  const byRule = sorted(session, node, { addresses, isTurned: false });
  const turned = sorted(session, node, { addresses, isTurned: true });
  const { ipv6LinkLocal: other } = turned;
  const isTurned =
    other !== undefined && other !== byRule.ipv6LinkLocal && isSpokenWith(other, session, speech);
  return { addresses, isTurned };
}

/** The session with the neighbor's address and our own in the right fields. */
function sorted(session: Session, node: NodeIdentity, { isTurned }: Reading): Session {
  const { ipv6, ipv6LinkLocal, ownIpv6 } = session;
  if (ipv6LinkLocal === undefined) return session;
  if (ownIpv6 !== undefined)
    return isLinkLocal(ownIpv6) && (isTurned || ipv6LinkLocal === node.linkLocal)
      ? { ...session, ipv6LinkLocal: ownIpv6, ownIpv6: undefined }
      : session;
  return ipv6 !== undefined && !isTurned && ownLinkLocals(node).includes(ipv6LinkLocal)
    ? { ...session, ipv6LinkLocal: undefined, ownIpv6: ipv6LinkLocal }
    : session;
}

/** Our usual link-local and our loopback address need no entry on this tunnel. */
function withoutUsual(session: Session, { linkLocal, loopbackIpv6 }: NodeIdentity): Session {
  const { ownIpv6 } = session;
  return ownIpv6 !== undefined && (ownIpv6 === linkLocal || ownIpv6 === loopbackIpv6)
    ? { ...session, ownIpv6: undefined }
    : session;
}

function withNextHop(session: Session, { linkLocal }: NodeIdentity): Session {
  const { mpBgp, ipv6, ipv6LinkLocal } = session;
  return mpBgp && !ipv6 && !ipv6LinkLocal && linkLocal ? { ...session, ipv6NextHop: linkLocal } : session;
}

/** Our usual one, and the one that is common in DN42: fe80:: and the last four digits of the ASN. */
function ownLinkLocals({ linkLocal, asn }: NodeIdentity): readonly (Ipv6 | undefined)[] {
  return [linkLocal, asn === undefined ? undefined : parseIpv6(`fe80::${asn % 10_000}`)];
}

/** True where BGP with the address is Established, or was before it went down and the session's file still has the address. */
function isSpokenWith(address: IpAddress, session: Session, speech: Speech): boolean {
  if (establishedWith(address, session, speech).length > 0) return true;
  if (!speech.wereUp.has(session.uuid)) return false;
  const base = speech.owned.protocols.get(session.uuid);
  const text = base === undefined ? undefined : speech.observed.birdFiles.get(sessionFile(base));
  return text?.includes(`neighbor ${address} as ${session.asn};`) ?? false;
}

/** A session that is queued for setup is set up as listed, even if that resets it. */
function keepsOneFamily(session: Session, speech: Speech): boolean {
  return (
    session.status !== 'queued-for-setup' &&
    sessionProtocols(session, '').some(
      ({ neighbor, families }) =>
        families.length > 1 &&
        establishedWith(neighbor, session, speech).some(({ channels }) => channels.length === 1),
    )
  );
}

function establishedWith(address: IpAddress, { asn, interface: link }: Session, { established }: Speech) {
  return (established.get(asn) ?? []).filter(({ bgp }) => {
    const [neighbor, zone = link] = bgp?.neighborAddress?.split('%') ?? [];
    return neighbor === address && zone === link;
  });
}
