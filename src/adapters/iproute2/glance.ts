import { networkInterfaces } from 'node:os';
import type { LinkGlance } from '../../core/glance.js';
import { parseIp } from '../../core/model/ip.js';

/**
 * The addresses of all interfaces that are up and running, by getifaddrs(3): the kernel is asked by this process itself, no
 * program is started.
 */
export function glanceAtLinks(): LinkGlance {
  const all = Object.entries(networkInterfaces());
  return new Map(
    all.map(([name, addresses = []]) => [name, addresses.map(({ address }) => parseIp(address) ?? address)]),
  );
}
