import { nameOfSession, type Session } from '../model/session.js';
import { sessionProtocols } from '../model/session-protocols.js';
import { familyNames } from '../model/values/family.js';

/** The address families that a session was asked to carry and does not, and why; empty where it carries all. */
export function describeFamilies(session: Session): string[] {
  const { mpBgp, keepsOneFamily } = session;
  const whose = nameOfSession(session);
  const families = (each: Session) => new Set(sessionProtocols(each, '').flatMap((one) => one.families));
  const carried = families(session);
  const [missing] = [...families({ ...session, keepsOneFamily: false })].filter(
    (family) => !carried.has(family),
  );
  if (keepsOneFamily && missing !== undefined)
    return [
      `${whose} carries no ${familyNames[missing]} routes until it goes down by itself: adding them now would reset it`,
    ];
  if (mpBgp && !carried.has('ipv4'))
    return [
      `${whose} carries no IPv4 routes: its row asks for MP-BGP, but has neither an extended next hop nor an IPv4 address for the tunnel`,
    ];
  if (mpBgp && !carried.has('ipv6'))
    return [`${whose} carries no IPv6 routes: this node has no link-local address as their next hop`];
  return [];
}
