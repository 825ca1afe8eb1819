import type { Roa } from '../rtr-pdu.js';
import { asn, distantNetwork, ownPrefixes, robbedNetwork } from './numbers.js';
import type { Scenario } from './scenario.js';

/** What the RPKI cache serves: a ROA for each network that is announced, true to its origin but for the robbed one. */
export function roasOf({ peers, newcomer, companion }: Scenario): Roa[] {
  const announced = [...peers, newcomer, companion]
    .flatMap(({ announces }) => announces)
    .filter(({ refused }) => refused === undefined);
  const rightful = [{ origin: asn, prefixes: ownPrefixes }, ...announced];
  const others = [distantNetwork, robbedNetwork].map((network) => ({
    origin: network.asn,
    prefixes: network.prefixes,
  }));
  const roas = [...rightful, ...others].flatMap(({ origin, prefixes }) =>
    prefixes.map((prefix) => ({ prefix, maxLength: Number(prefix.split('/')[1]), asn: origin })),
  );
  return [...new Map(roas.map((roa) => [roa.prefix, roa])).values()];
}
