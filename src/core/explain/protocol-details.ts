/** What the lines of `show protocols all NAME` say beyond what every pass reads. */
export interface ProtocolDetails {
  readonly timers: readonly string[];
  /** What each end offers (RFC 5492); absent while BIRD shows none. */
  readonly capabilities:
    | { readonly own: readonly string[]; readonly neighbor: readonly string[] }
    | undefined;
}

const timerLine =
  /^\s+((?:Hold|Keepalive|Send hold) timer|Connect delay|Start delay|Error wait|Stale timer):\s+(\S.*)$/;

/** Reads the lines. Names capabilities as BIRD does, with what belongs to them: `Multiprotocol (ipv4 ipv6)`. */
export function protocolDetails(lines: readonly string[]): ProtocolDetails {
  const timers = lines.flatMap((line) => {
    const [, name, value = ''] = timerLine.exec(line) ?? [];
    const [left, all] = value.split('/');
    if (name === undefined) return [];
    return [
      all === undefined
        ? `${name} ${value.trim()}`
        : `${name}: ${Math.round(Number(left))} s left of ${all.trim()} s`,
    ];
  });
  const own = below(lines, 'Local capabilities');
  const neighbor = below(lines, 'Neighbor capabilities');
  const capabilities = own && neighbor ? { own: namesOf(own), neighbor: namesOf(neighbor) } : undefined;
  return { timers, capabilities };
}

/** The lines below a heading, which are indented more than it; undefined where there is no such heading. */
function below(lines: readonly string[], heading: string): readonly string[] | undefined {
  const at = lines.findIndex((line) => line.trim() === heading);
  if (at < 0) return undefined;
  const depth = indent(lines[at] ?? '');
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => indent(line) <= depth);
  return end < 0 ? rest : rest.slice(0, end);
}

/** A line that is indented more than the first belongs to the one before: of these only the families count. */
function namesOf(lines: readonly string[]): string[] {
  const depth = indent(lines[0] ?? '');
  const names: string[] = [];
  for (const line of lines) {
    if (indent(line) <= depth) names.push(line.trim());
    const families = /^\s*(?:AF announced|IPv6 nexthop|RX|TX|TX\/RX):\s*(\S.*)$/.exec(line)?.[1];
    const last = names.at(-1);
    // ADD-PATH has a line for each direction.
    if (indent(line) > depth && families && !last?.endsWith(')'))
      names.push(`${names.pop()} (${families.trim()})`);
  }
  return names;
}

function indent(line: string): number {
  return line.length - line.trimStart().length;
}
