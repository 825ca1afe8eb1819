import { type IpAddress, parsePrefix } from './ip.js';
import { isWithin } from './network.js';

// Special-purpose blocks (RFC 6890) that are not reachable on the Internet. DN42's are in 10.0.0.0/8 and 172.16.0.0/12.
// The blocks for documentation are not in this list, because labs use them as their Internet.
const special = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
].flatMap((block) => parsePrefix(block) ?? []);

// All of IPv6 that is allocated so far.
const globalIpv6 = ['2000::/3'].flatMap((block) => parsePrefix(block) ?? []);

/** True for an address that the whole Internet can reach: not private, shared, local, multicast or DN42's. */
export function isPublic(address: IpAddress): boolean {
  if (address.includes(':')) return globalIpv6.some((block) => isWithin(address, block));
  return !special.some((block) => isWithin(address, block));
}
