import type { CommunityTable } from './control-plane.js';

/** Where DN42 says what its communities mean. */
export const wikiPage = 'https://dn42.dev/howto/BGP-communities';

/** The first half of DN42's communities; values with another one are a network's own. */
export const wikiAs = 64_511;

function numbered(from: number, names: string): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(names.split(' ').map((name, index) => [name, [wikiAs, from + index]]));
}

/**
 * DN42's communities as its wiki has them (2026). `encrypted` has no forward secrecy, `pfs` has: WireGuard. `psk` is WireGuard
 * with a preshared key, `pq_pfs` has forward secrecy against a quantum computer. Countries (1000 to 1999), topology (81 to 89) and packet
 * loss (91 to 94) are not here: the agent passes them on as they came.
 */
export const wikiCommunities: CommunityTable = {
  latency: numbered(1, 'tier0 tier1 tier2 tier3 tier4 tier5 tier6 tier7 tier8'),
  bandwidth: numbered(21, '100k_plus 1m_plus 10m_plus 100m_plus 1g_plus 10g_plus 100g_plus 1t_plus 10t_plus'),
  crypto: numbered(31, 'none unsafe encrypted pfs psk pq_pfs'),
  region: numbered(41, 'eu na_e na_c na_w ca sa_e sa_w af_n af_s as_s as_se as_e oc an as_n as_w as_c'),
};
