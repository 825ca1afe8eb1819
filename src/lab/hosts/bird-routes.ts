/** A route in a BIRD's table. */
export interface BirdRoute {
  readonly prefix: string;
  /** The protocol that it came in by. */
  readonly protocol: string;
  /** True for the one that is used and passed on. */
  readonly best: boolean;
  readonly asPath: readonly number[];
  /** Standard and large communities, as `64511,50` and `4242420998,9002,1`. */
  readonly communities: readonly string[];
  /** The node that brought it into the network, where a route reflector passed it on (RFC 4456). */
  readonly originatorId: string | undefined;
}

// After "1007-" or a space: the prefix (left out where it is the one above's), then type, protocol and its details.
const head = /^(?:\d{4}-|\s)(\S+)?\s+(?:unicast|unreachable|blackhole|prohibit)\s+\[(\S+) [^\]]*\]( \*)?/;

/** The routes in the reply to `show route all`, also with `filtered`. BIRD 3 has other names for the attributes. */
export function parseBirdRoutes(reply: string): BirdRoute[] {
  const parts: { prefix: string; head: RegExpExecArray; lines: string[] }[] = [];
  for (const line of reply.split('\n')) {
    const found = head.exec(line);
    if (found) parts.push({ prefix: found[1] ?? parts.at(-1)?.prefix ?? '', head: found, lines: [] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts.map(({ prefix, head: [, , protocol = '', star], lines }) => {
    const attribute = (name: string) => attributeOf(lines, name);
    return {
      prefix,
      protocol,
      best: star !== undefined,
      asPath: attribute('as_path').split(' ').filter(Boolean).map(Number),
      communities: [...tuples(attribute('community')), ...tuples(attribute('large_community'))],
      originatorId: attribute('originator_id') || undefined,
    };
  });
}

/** `BGP.as_path: 1 2` in BIRD 2, `bgp_path: 1 2` in BIRD 3, where the other names have no such irregularity. */
function attributeOf(lines: readonly string[], name: string): string {
  const pattern = new RegExp(`^\\s+(?:BGP\\.|bgp_)${name === 'as_path' ? '(?:as_)?path' : name}: ?(.*)$`);
  for (const line of lines) {
    const value = pattern.exec(line.replace(/^\d{4}-/, ' '))?.[1];
    if (value !== undefined) return value.trim();
  }
  return '';
}

function tuples(text: string): string[] {
  return [...text.matchAll(/\(([^)]*)\)/g)].map(([, values = '']) => values.replaceAll(' ', ''));
}
