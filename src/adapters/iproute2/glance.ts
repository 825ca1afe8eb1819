import { networkInterfaces } from 'node:os';
import type { LinkGlance } from '../../core/model/observed.js';
import { parseIp } from '../../core/model/values/ip.js';

/**
 * The addresses of all interfaces that are up and running, by getifaddrs(3): the kernel is asked by this process itself, no
 * program is started. Addresses that the last call has seen are not parsed again, which would take most of the time.
 */
export function openLinkGlance(): () => LinkGlance {
  let canonical: ReadonlyMap<string, string> = new Map();
  return () => {
    const seen = new Map<string, string>();
    const read = (address: string) => {
      const text = canonical.get(address) ?? parseIp(address) ?? address;
      seen.set(address, text);
      return text;
    };
    const all = Object.entries(networkInterfaces());
    const links = new Map(
      all.map(([name, addresses = []]) => [name, addresses.map(({ address }) => read(address))]),
    );
    canonical = seen;
    return links;
  };
}
