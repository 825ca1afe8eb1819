import type { BirdProtocol, ObservedBird } from './observed.js';

/** True for a BGP protocol that is Established (RFC 4271, section 8.2.2). */
export function isEstablished({ bgp }: Pick<BirdProtocol, 'bgp'>): boolean {
  return bgp?.state === 'Established';
}

/** The names of the BGP protocols that are Established; none where BIRD does not answer. */
export function establishedNames(bird: ObservedBird): string[] {
  return bird.running ? bird.protocols.filter(isEstablished).map(({ name }) => name) : [];
}
