/** What the lab wants to know of a BGP protocol. */
export interface BgpProtocol {
  readonly name: string;
  readonly neighborAsn: number;
  readonly neighborAddress: string;
  /** `Established`, `Active`, `Connect`, ... */
  readonly state: string;
  /** When it came into this state, in BIRD's own words. */
  readonly since: string;
  /** Routes imported and exported over all channels. */
  readonly imported: number;
  readonly exported: number;
}

/** The BGP protocols in the reply to `show protocols all`, in BIRD's order. */
export function parseBgpProtocols(reply: string): BgpProtocol[] {
  return reply
    .split(/^1002-/m)
    .slice(1)
    .filter((part) => /^\S+\s+BGP\s/.test(part))
    .map(parseProtocol);
}

function parseProtocol(part: string): BgpProtocol {
  const routes = [...part.matchAll(/Routes:\s+(\d+) imported,(?: \d+ filtered,)? (\d+) exported/g)];
  const sum = (group: number) => routes.reduce((total, match) => total + Number(match[group]), 0);
  return {
    name: /^\S+/.exec(part)?.[0] ?? '',
    neighborAsn: Number(/Neighbor AS:\s+(\d+)/.exec(part)?.[1] ?? 0),
    neighborAddress: /Neighbor address:\s+([^\s%]+)/.exec(part)?.[1] ?? '',
    since: /^\S+\s+\S+\s+\S+\s+\S+\s+((?:\d{4}-\d\d-\d\d )?[\d:]+)/.exec(part)?.[1] ?? '',
    state: /BGP state:\s+(\S+)/.exec(part)?.[1] ?? 'down',
    imported: sum(1),
    exported: sum(2),
  };
}
