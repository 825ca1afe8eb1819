import type { Prefix } from './ip.js';

/** DN42's own IPv4 range. Its other ranges are private addresses, which other networks use as well. */
export const dn42Ipv4 = '172.20.0.0/14' as Prefix;

/** The ranges that routes of DN42 and of the networks joined to it are in: https://dn42.dev/howto/Bird2 */
export const dn42Ranges: readonly Prefix[] = [
  '10.0.0.0/8' as Prefix,
  dn42Ipv4,
  '172.31.0.0/16' as Prefix,
  'fd00::/8' as Prefix,
];

/** The addresses of DN42's common services, such as its resolvers: by design every operator may announce them. */
export const dn42Anycast: readonly Prefix[] = [
  '172.20.0.0/24' as Prefix,
  '172.21.0.0/24' as Prefix,
  '172.22.0.0/24' as Prefix,
  '172.23.0.0/24' as Prefix,
  'fd42:d42:d42::/48' as Prefix,
];
