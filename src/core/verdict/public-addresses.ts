import { linkNamed, type ObservedAddress, type ObservedLink } from '../model/observed.js';
import { type Ipv4, type Ipv6, parseIpv4, parseIpv6 } from '../model/values/ip.js';
import { isPublic } from '../model/values/public-address.js';

export interface PublicAddresses {
  readonly ipv4: Ipv4 | undefined;
  readonly ipv6: Ipv6 | undefined;
}

/**
 * The node's public addresses, as its own interfaces show them: of each family the first public one on the interface
 * of the default route; none behind NAT. A permanent address comes before one that the kernel will remove.
 */
export function publicAddresses(
  links: readonly ObservedLink[],
  routes: { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] },
): PublicAddresses {
  return {
    ipv4: first(addressesOn(links, routes.ipv4), parseIpv4),
    ipv6: first(addressesOn(links, routes.ipv6), parseIpv6),
  };
}

function addressesOn(links: readonly ObservedLink[], names: readonly string[]): ObservedAddress[] {
  const addresses = names.flatMap((name) => linkNamed(links, name)?.addresses ?? []);
  return [false, true].flatMap((expires) => addresses.filter((each) => (each.expires ?? false) === expires));
}

function first<T extends Ipv4 | Ipv6>(
  addresses: readonly ObservedAddress[],
  parse: (text: string) => T | undefined,
): T | undefined {
  return addresses
    .filter(({ isPassing }) => !isPassing)
    .flatMap(({ local }) => parse(local) ?? [])
    .find(isPublic);
}
