import type { BgpCapabilities } from '../../core/model/observed.js';
import type { Family } from '../../core/model/values/family.js';

/**
 * Reads what both ends of a BGP session offer (RFC 5492) from the details of `show protocols all`. Each end is a heading with deeper
 * lines below it. Undefined while the session is not Established: BIRD shows none then.
 */
export function capabilities(
  details: readonly string[],
): { readonly own: BgpCapabilities; readonly neighbor: BgpCapabilities } | undefined {
  const own = below(details, 'Local capabilities');
  const neighbor = below(details, 'Neighbor capabilities');
  return own && neighbor ? { own: offered(own), neighbor: offered(neighbor) } : undefined;
}

function offered(lines: readonly string[]): BgpCapabilities {
  const isMultiprotocol = lines.some((line) => line.trim() === 'Multiprotocol');
  return {
    // Who does not offer MP-BGP (RFC 4760) speaks IPv4 only.
    families: isMultiprotocol ? familiesOf(lines, 'AF announced') : ['ipv4'],
    extendedNextHop: familiesOf(lines, 'IPv6 nexthop'),
    gracefulRestart: lines.some((line) => line.trim() === 'Graceful restart'),
  };
}

/** `AF announced: ipv4 ipv6`; families that the agent does not configure are left out. */
function familiesOf(lines: readonly string[], key: string): Family[] {
  const line = lines.find((each) => each.trimStart().startsWith(`${key}:`)) ?? '';
  const words = line.split(/\s+/);
  return (['ipv4', 'ipv6'] as const).filter((family) => words.includes(family));
}

/** The lines below a heading, which are indented more than it; undefined where there is no such heading. */
function below(details: readonly string[], heading: string): readonly string[] | undefined {
  const at = details.findIndex((line) => line.trim() === heading);
  if (at < 0) return undefined;
  const depth = indent(details[at] ?? '');
  const rest = details.slice(at + 1);
  const end = rest.findIndex((line) => indent(line) <= depth);
  return end < 0 ? rest : rest.slice(0, end);
}

function indent(line: string): number {
  return line.length - line.trimStart().length;
}
