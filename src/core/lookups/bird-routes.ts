/** One route as BIRD shows it in `show route ... all`. */
export interface BirdRoute {
  readonly network: string;
  /** `unicast`, `unreachable`, `blackhole`, ... */
  readonly kind: string;
  readonly protocol: string;
  /** Where a neighbor passed it on that is not the next hop; absent where it is. */
  readonly from?: string | undefined;
  readonly isBest: boolean;
  /** Of the protocol: BIRD compares it first. */
  readonly preference: number;
  /** The cost of the way to the next hop, as Babel has it; absent where it is on the link. */
  readonly igpMetric?: number | undefined;
  /** `via fe80::11 on wg_11`, `dev lo`. */
  readonly via: readonly string[];
  readonly asPath: readonly string[];
  /** BIRD's word: `IGP`, `EGP`, `Incomplete`. */
  readonly origin?: string | undefined;
  readonly localPreference?: number | undefined;
  readonly med?: number | undefined;
  /** `64511,23` */
  readonly communities: readonly string[];
  /** `4242420998,9001,1` */
  readonly largeCommunities: readonly string[];
}

// `172.20.0.0/24   unicast [dn42_4242420001 20:10:11.923 from fe80::2] * (100/96) [AS4242420001i]`; the network is left out
// where it is that of the route before.
const routeLine =
  /^(\S+\/\d+)?\s+(\S+) \[([A-Za-z0-9_.:-]+) [^\]]*?(?: from (\S+))?\]\s*(\*)?\s*\((\d+)(?:\/(\d+|\?))?\)/;

/** Reads BIRD's lines on routes, as `show route ... all` and `show route ...` of every version have them. Skips what it does not know. */
export function parseRoutes(lines: readonly string[]): BirdRoute[] {
  const blocks: { head: RegExpExecArray; network: string; details: string[] }[] = [];
  for (const line of lines) {
    const head = routeLine.exec(line);
    if (head) blocks.push({ head, network: head[1] ?? blocks.at(-1)?.network ?? '', details: [] });
    else if (/^\s/.test(line)) blocks.at(-1)?.details.push(line.trim());
  }
  return blocks.map(({ head, network, details }) => routeOf(head, network, details));
}

function routeOf(head: RegExpExecArray, network: string, details: readonly string[]): BirdRoute {
  const [, , kind = '', protocol = '', from, best, preference, metric] = head;
  const attribute = attributesOf(details);
  const igpMetric = numberOf(metric);
  return {
    network,
    kind,
    protocol,
    ...(from === undefined ? {} : { from }),
    isBest: best !== undefined,
    preference: Number(preference),
    ...(igpMetric === undefined ? {} : { igpMetric }),
    via: details.filter((line) => /^(?:via|dev) /.test(line)),
    asPath: (attribute.get('path') ?? '').split(' ').filter(Boolean),
    origin: attribute.get('origin'),
    localPreference: numberOf(attribute.get('local_pref')),
    med: numberOf(attribute.get('med')),
    communities: listOf(attribute.get('community')),
    largeCommunities: listOf(attribute.get('large_community')),
  };
}

/** By the names of BIRD 3 without the prefix: `BGP.as_path` and `bgp_path` are `path`. */
function attributesOf(details: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    details.flatMap((line): [string, string][] => {
      const [, name, value] = /^bgp[._](\w+): ?(.*)$/i.exec(line) ?? [];
      return name === undefined ? [] : [[name === 'as_path' ? 'path' : name, value ?? '']];
    }),
  );
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function listOf(text = ''): string[] {
  return Array.from(text.matchAll(/\(([^)]*)\)/g), ([, values = '']) => values.replaceAll(' ', ''));
}
