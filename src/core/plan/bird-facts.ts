/** What a line of BIRD's configuration says, for people: `the latency tier` is `0`. */
export interface Fact {
  readonly what: string;
  readonly value: string;
}

export const latencyTier = 'the latency tier';

// `172.20.0.53/32-   # resolver`, `fd42::/48{0,128}`: an element of a prefix set, see `protectedView`.
const networkElement = /^([\da-f:.]+\/\d+)(?:[-+]|\{\d+,\d+\})(?:\s*# *(.*))?$/;

// `include "local/hooks.con[f]";   # 3f0c...`: an operator's file and the hash of its text.
const localInclude = /^include "(local\/[^"]+)\[f\]";(?: *# *(\w+))?$/;

/** True for what has a comment that says something: an element of a set of networks, an operator's file. */
export function hasMeantComment(element: string): boolean {
  return networkElement.test(element) || localInclude.test(element);
}

const constants: Readonly<Record<string, string>> = {
  MOENET_AS: "this node's AS",
  MOENET_OWN_V4: 'our own IPv4 block',
  MOENET_OWN_V6: 'our own IPv6 block',
  MOENET_EBGP_IMPORT_LIMIT: 'the import limit of eBGP',
  MOENET_EBGP_EXPORT_LIMIT: 'the export limit of eBGP',
  MOENET_IBGP_IMPORT_LIMIT: 'the import limit of iBGP',
  MOENET_IBGP_EXPORT_LIMIT: 'the export limit of iBGP',
  MOENET_AS_PATH_MAX_LEN: 'the longest AS path',
  MOENET_MAINTENANCE: 'maintenance',
};

type Reader = readonly [RegExp, (groups: readonly string[]) => readonly Fact[]];

/** The lines with values in the shipped templates. An operator's templates may have others. */
const readers: readonly Reader[] = [
  [/^define (\w+) = ([^[\]]+);$/, ([name = '', value = '']) => [fact(constants[name] ?? name, value)]],
  [
    /(?:^import filter \{ (.*?) ?)?(?:moenet_link_in\(MOENET_LINK_\w+\); )?moenet_ebgp_import\(\d+, MOENET_POLICY_(\w+), MOENET_TIER_(\w+)\)/,
    ([first = '', policy = '', tier = '']) => [
      fact('the policy', lower(policy)),
      fact(latencyTier, lower(tier)),
      ...(first ? [fact('what the import filter does first', JSON.stringify(first))] : []),
    ],
  ],
  [
    /(?:^export filter \{ (.*?) ?)?(?:moenet_link_out\(MOENET_LINK_(\w+), MOENET_TIER_(\w+)\); )?moenet_ebgp_export(?:_to)?\((?:\d+, )?MOENET_POLICY_(\w+)\)/,
    ([first = '', crypto = '', tier = '', policy = '']) => [
      fact('the policy', lower(policy)),
      ...(tier ? [fact(latencyTier, lower(tier))] : []),
      ...(crypto ? [fact("the link's encryption", lower(crypto))] : []),
      ...(first ? [fact('what the export filter does first', JSON.stringify(first))] : []),
    ],
  ],
  [
    /^neighbor (\S+) as (\S+);$/,
    ([address = '', as = '']) => [fact("the neighbor's address", address), fact("the neighbor's AS", as)],
  ],
  [/^local role (\w+);$/, ([role = '']) => [fact('our BGP role', role)]],
  [/^source address (\S+);$/, ([address = '']) => [fact('our address', address)]],
  [/^interface "([^"]*)";$/, ([name = '']) => [fact('the interface', name)]],
  [/^description "([^"]*)";$/, ([text = '']) => [fact('the description', JSON.stringify(text))]],
  [/^protocol bgp (\w+) /, ([name = '']) => [fact('the protocol', name)]],
  [/^router id (\S+);$/, ([id = '']) => [fact('the router id', id)]],
  [
    /^remote (\S+) port (\d+);$/,
    ([host = '', port = '']) => [fact('the RPKI cache', `${host} port ${port}`)],
  ],
  [/^bgp_large_community\.add\((\([\d, ]+\))\);$/, ([value = '']) => [fact('the large community', value)]],
  [/^(\(\d+(?:, \d+)+\))$/, ([value = '']) => [fact('the community', value)]],
  [localInclude, ([path = '', hash = '']) => [fact(`the operator's file ${path}f`, hash.slice(0, 8))]],
  [networkElement, ([network = '', what]) => [fact('the network', what ? `${network} (${what})` : network)]],
  [/bgp_community\.add\((\([\d, ]+\))\);/, ([value = '']) => [fact('the community', value)]],
];

/** The values in a line without its comment; empty for an unknown line. */
export function factsOf(line: string): readonly Fact[] {
  for (const [pattern, read] of readers) {
    const [, ...groups] = pattern.exec(line) ?? [];
    if (groups.length > 0) return read(groups.map((group) => group ?? ''));
  }
  return [];
}

function fact(what: string, value: string): Fact {
  return { what, value };
}

function lower(text: string): string {
  return text.toLowerCase();
}
