/** Our own network. */
export const asn = 4242420998;
export const ownPrefixes = ['172.22.188.0/26', 'fd00:4242:7777::/48'] as const;

/** Parts of our own blocks, as somebody else might announce them by mistake. */
export const ownCorners = ['172.22.188.48/28', 'fd00:4242:7777:ffff::/64'] as const;

/** Somewhere in DN42, behind the providers: the same network is reached through each of them. */
export const distantNetwork = {
  asn: 4242423999,
  prefixes: ['172.23.8.0/24', 'fd42:3999::/48'],
} as const;

/** A network that one of the providers has between itself and the distant one. */
export const betweenAsn = 4242423998;

/** A network that a ROA gives to somebody other than the one who announces it here. */
export const robbedNetwork = {
  asn: 4242423777,
  prefixes: ['172.21.77.0/26', 'fd42:3777::/48'],
} as const;

/** A network that no ROA speaks of. */
export const unregisteredNetwork = {
  asn: 4242423666,
  prefixes: ['172.21.66.0/26', 'fd42:3666::/48'],
} as const;

/** Addresses that are not DN42's: documentation's (RFC 5737, RFC 3849). */
export const foreignPrefixes = ['192.0.2.0/24', '2001:db8:42::/48'] as const;
