import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { LinkGlance } from '../../core/model/observed.js';
import { parseIp } from '../../core/model/values/ip.js';

/** With more interfaces, the kernel needs milliseconds to show all their addresses: too long for every few seconds. */
const manyInterfaces = 64;
/** So many looks in a row may take the last answer for an interface without IPv6. */
const mostLooks = 5;

/**
 * The addresses of all interfaces that are up and running, by getifaddrs(3): the kernel is asked by this process itself, no program is
 * started. Addresses that the last call has seen are not parsed again. With many interfaces, the kernel's list of IPv6 addresses says whether
 * to ask: an interface that goes down, or is deleted, loses its addresses there. What has IPv4 alone is seen some looks later.
 */
export function openLinkGlance(ask = networkInterfaces, readIpv6: () => string = ipv6Addresses) {
  let canonical: ReadonlyMap<string, string> = new Map();
  let last: { readonly links: LinkGlance; readonly ipv6: string; looks: number } | undefined;
  return (): LinkGlance => {
    const isMany = last !== undefined && last.links.size > manyInterfaces;
    // Before the question: what changes in between is asked for again.
    const ipv6 = isMany ? readIpv6() : '';
    if (last && isMany && ipv6 !== '' && last.ipv6 === ipv6 && last.looks < mostLooks) {
      last.looks += 1;
      return last.links;
    }
    const seen = new Map<string, string>();
    const read = (address: string) => {
      const text = canonical.get(address) ?? parseIp(address) ?? address;
      seen.set(address, text);
      return text;
    };
    const links = new Map(
      Object.entries(ask()).map(([name, addresses = []]) => [
        name,
        addresses.map(({ address }) => read(address)),
      ]),
    );
    canonical = seen;
    last = { links, ipv6, looks: 1 };
    return links;
  };
}

/** Empty where the kernel has no IPv6, or does not show them. */
function ipv6Addresses(): string {
  try {
    return readFileSync('/proc/self/net/if_inet6', 'latin1');
  } catch {
    return '';
  }
}
