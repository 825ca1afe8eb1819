import type { Reply } from './socket/reply.js';

/** RFC 8966, section 2.4: the cost of a link over which nothing comes. */
const infinity = 65_535;

/**
 * Reads the reply to `show babel neighbors`: how many neighbors can be used. Address, interface and metric begin a row; the columns after
 * them differ between versions. Undefined where the protocol does not say.
 */
export function parseBabelNeighbors({ code, lines }: Reply): number | undefined {
  if (!/^0/.test(code)) return undefined;
  const metrics = lines.flatMap(({ text }) => /^\S+ +\S+ +(\d+) /.exec(text)?.[1] ?? []);
  return metrics.filter((metric) => Number(metric) < infinity).length;
}
