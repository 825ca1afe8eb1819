import type { DesiredSession } from '../desired/sessions.js';
import { listSome } from '../model/list-some.js';
import type { BirdProtocol } from '../model/observed.js';
import { familyNames } from '../model/values/family.js';
import { describeLimits, dueAtSeconds, type LimitHit, type LimitHits } from '../plan/limit-hits.js';
import { bgpLacks, describeFamilyLack, describeNextHopLack } from './bgp-lacks.js';
import type { SessionView } from './session-view.js';
import type { TroubleKind } from './trouble-kind.js';

/** Why a session that is Established does not carry what it is to carry, and what mends it; undefined where it does. */
export function describeDegraded(
  { session }: DesiredSession,
  view: SessionView,
  limitHits: LimitHits,
): string | undefined {
  if (!view.established) return undefined;
  const hasIpv4 = session.ipv4 !== undefined;
  const words = [
    ...view.protocols.flatMap((protocol) => describeLacks(protocol, hasIpv4)),
    ...view.protocolNames.flatMap((name) => describeHit(name, limitHits[name])),
  ];
  return words.length === 0 ? undefined : words.join('; ');
}

/** Who has to act on a session that does not carry what it is to carry. */
export function degradedKind({ protocolNames }: SessionView, limitHits: LimitHits): TroubleKind {
  const hits = protocolNames
    .flatMap((name) => limitHits[name] ?? [])
    .filter(({ limits }) => limits.length > 0);
  if (hits.length === 0) return 'peer-side';
  return hits.every((hit) => dueAtSeconds(hit) !== undefined) ? 'working' : 'needs-you';
}

/** With IPv4 addresses on the tunnel, IPv4 routes go without an extended next hop, too. */
function describeLacks(protocol: BirdProtocol, hasIpv4: boolean): string[] {
  const { families, extendedNextHop } = bgpLacks(protocol);
  const lacking = families.map((family) => {
    const remedy = `the neighbor adds ${family} to its session, or the session's row asks for ${familyNames[family === 'ipv4' ? 'ipv6' : 'ipv4']} only`;
    return `${describeFamilyLack(family, protocol.name, 'the neighbor')}. To mend it, ${remedy}`;
  });
  if (!extendedNextHop || hasIpv4) return lacking;
  return [...lacking, `${describeNextHopLack(protocol.name, 'the neighbor')}. ${nextHopRemedy}`];
}

const nextHopRemedy =
  'To mend it, the neighbor adds "extended next hop on;" to the ipv4 channel of its session (BIRD) or "capability extended-nexthop" to its neighbor (FRR), or the session gets IPv4 addresses for the tunnel';

/** Which limit blocked routes in the session, and what the agent does next. Its words stay the same from pass to pass. */
function describeHit(protocol: string, hit: LimitHit | undefined): string[] {
  if (!hit || hit.limits.length === 0) return [];
  const isOurs = hit.limits.every(({ kind }) => kind === 'export');
  const limits = describeLimits(hit.limits);
  const what = isOurs ? 'our own routes' : 'routes of the neighbor';
  const blocked = `BIRD blocked ${what} in the session ${protocol}: they are more than ${limits}, and BIRD does not take the blocked ones by itself when there are fewer`;
  const act = isOurs ? 'lets BIRD send all routes again' : 'restarts the session';
  const due = dueAtSeconds(hit);
  if (due === undefined) {
    const ask = isOurs ? '' : 'ask the neighbor why it announces so many, or ';
    const option = isOurs ? 'exportLimit' : 'importLimit';
    return [
      `${blocked}. The agent ${act} when there are fewer. To mend it, ${ask}raise the limit: ${option} in the session's row, or the network's policy`,
    ];
  }
  const before = hit.attempts === 0 ? '' : ` (it did so ${hit.attempts} times before)`;
  return [`${blocked}. There are fewer now: the agent ${act} after ${timeOf(due)}${before}`];
}

/** `12:34 UTC`. */
function timeOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(11, 16)} UTC`;
}

/**
 * The neighbors that do not know graceful restart (RFC 4724), as one line for people: to run a session without it is no fault.
 * Undefined where all of them do.
 */
export function describeNoGracefulRestart(
  sessions: readonly (readonly [DesiredSession, SessionView])[],
): string | undefined {
  const names = sessions.flatMap(([{ session }, { protocols }]) =>
    protocols.some(lacksGracefulRestart) ? [`AS${session.asn}`] : [],
  );
  if (names.length === 0) return undefined;
  const verb = names.length === 1 ? 'does' : 'do';
  return `${listSome([...new Set(names)].sort(), 10)} ${verb} not offer graceful restart: without it a neighbor drops our routes while BIRD is started again`;
}

function lacksGracefulRestart({ bgp }: BirdProtocol): boolean {
  const { own, neighbor } = bgp?.capabilities ?? {};
  return own?.gracefulRestart === true && neighbor?.gracefulRestart === false;
}
