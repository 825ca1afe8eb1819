import { formatAddress } from '../model/artifacts.js';
import type { Kept, KeptProtocol, KeptSession } from '../model/kept.js';
import { establishedNames, type ObservedBird, type ObservedLink } from '../model/observed.js';
import { formatMark } from '../model/owner.js';
import type { Candidate, TakeOverInput } from './candidates.js';
import { isOnlyReadAnew } from './read-anew.js';

/** Mark → what of the session must stay as it was. */
export function keptSessionsOf(candidates: readonly Candidate[], input: TakeOverInput): Kept['sessions'] {
  const kept = candidates.flatMap((candidate) => {
    const session = keptOf(candidate, input);
    return session ? [[formatMark(candidate.owner), session] as const] : [];
  });
  return Object.fromEntries(kept);
}

/** What is kept goes on while one of its sessions is Established, and the control plane does not want another one. */
function keptOf(candidate: Candidate, input: TakeOverInput): KeptSession | undefined {
  const { owner, wish, former, tunnel } = candidate;
  const before = input.kept.sessions[formatMark(owner)] ?? recalledOf(candidate, input);
  if (before && former.length === 0) {
    const isWanted = before.wish === wish || isOnlyReadAnew(before, candidate);
    return isWanted && livesOn(before.protocols, input.bird) ? { ...before, wish } : undefined;
  }
  const protocols = former.flatMap(({ options }) => ('kept' in options ? [options.kept] : []));
  if (protocols.length < former.length || !livesOn(protocols, input.bird) || !input.bird.running)
    return undefined;
  return { wish, protocols, addresses: addressesOf(tunnel, input.links) };
}

function recalledOf({ owner, wish, tunnel }: Candidate, input: TakeOverInput): KeptSession | undefined {
  const protocols = input.recalled?.sessions.get(formatMark(owner));
  return protocols && { wish, protocols: [...protocols], addresses: addressesOf(tunnel, input.links) };
}

/** A BIRD that does not answer may still run: what is not known to be down lives. */
function livesOn(protocols: readonly KeptProtocol[], bird: ObservedBird): boolean {
  if (!bird.running) return true;
  const established = new Set(establishedNames(bird));
  return protocols.some(({ name }) => established.has(name));
}

/** The addresses of the interface, as `formatAddress` writes them. */
export function addressesOf(tunnel: string | undefined, links: readonly ObservedLink[]): string[] {
  return (links.find(({ name }) => name === tunnel)?.addresses ?? []).map(formatAddress);
}
