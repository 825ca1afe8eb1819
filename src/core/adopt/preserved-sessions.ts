import { formatAddress } from '../model/artifacts.js';
import { establishedNames, linkNamed, type ObservedBird, type ObservedLink } from '../model/observed.js';
import { formatMark } from '../model/owner.js';
import type { Preserved, PreservedProtocol, PreservedSession } from '../model/preserved.js';
import type { Candidate, TakeOverInput } from './candidates.js';
import { isOnlyReadAnew } from './read-anew.js';

/** Mark → what the agent preserves of the session. */
export function preservedSessionsOf(
  candidates: readonly Candidate[],
  input: TakeOverInput,
): Preserved['sessions'] {
  const preserved = candidates.flatMap((candidate) => {
    const session = preservedOf(candidate, input);
    return session ? [[formatMark(candidate.owner), session] as const] : [];
  });
  return Object.fromEntries(preserved);
}

/** It is preserved while one of its protocols is Established and the control plane's wish does not change. */
function preservedOf(candidate: Candidate, input: TakeOverInput): PreservedSession | undefined {
  const { owner, wish, previous, tunnel } = candidate;
  const { bird, links } = input.present;
  const before = input.remembered.preserved.sessions[formatMark(owner)] ?? recalledOf(candidate, input);
  if (before && previous.length === 0) {
    const isWanted = before.wish === wish || isOnlyReadAnew(before, candidate);
    return isWanted && livesOn(before.protocols, bird) ? { ...before, wish } : undefined;
  }
  const protocols = previous.flatMap(({ options }) => ('preserved' in options ? [options.preserved] : []));
  if (protocols.length < previous.length || !livesOn(protocols, bird) || !bird.running) return undefined;
  return { wish, protocols, addresses: addressesOf(tunnel, links) };
}

function recalledOf(
  { owner, wish, tunnel }: Candidate,
  { present, remembered }: TakeOverInput,
): PreservedSession | undefined {
  const protocols = remembered.recalled?.sessions.get(formatMark(owner));
  return protocols && { wish, protocols: [...protocols], addresses: addressesOf(tunnel, present.links) };
}

/** A BIRD that does not answer may still run, so its sessions count as alive. */
function livesOn(protocols: readonly PreservedProtocol[], bird: ObservedBird): boolean {
  if (!bird.running) return true;
  const established = new Set(establishedNames(bird));
  return protocols.some(({ name }) => established.has(name));
}

/** The addresses of the interface, as `formatAddress` writes them. */
export function addressesOf(tunnel: string | undefined, links: readonly ObservedLink[]): string[] {
  const link = tunnel === undefined ? undefined : linkNamed(links, tunnel);
  return (link?.addresses ?? []).map(formatAddress);
}
