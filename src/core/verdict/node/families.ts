import type { DesiredProtocol } from '../../model/artifacts.js';
import type { BirdProtocol } from '../../model/observed.js';
import type { Family } from '../../model/values/family.js';

/** The address families of the BGP protocols that are the agent's, up or not, as BIRD has them. */
export function familiesInUse(
  wanted: readonly DesiredProtocol[],
  running: readonly BirdProtocol[],
): readonly Family[] {
  const bgp = ownBgp(wanted, running);
  return (['ipv4', 'ipv6'] as const).filter((family) => bgp.some((protocol) => hasChannel(protocol, family)));
}

/** The BGP protocols that BIRD runs and that are the agent's. */
export function ownBgp(
  wanted: readonly DesiredProtocol[],
  running: readonly BirdProtocol[],
): readonly BirdProtocol[] {
  const names = new Set(wanted.map(({ name }) => name));
  return running.filter(({ name, proto }) => proto === 'BGP' && names.has(name));
}

export function hasChannel({ channels }: BirdProtocol, family: Family): boolean {
  return channels.some(({ name }) => name === family);
}
