/** The most that a caller gets of BIRD's reply. */
const maxBytes = 64 * 1024;
const maxRoutes = 200;

/** BIRD's lines on routes, as many as a caller can use; a last line says that there were more. */
export function capRoutes(lines: readonly string[]): string {
  let [bytes, routes] = [0, 0];
  const end = lines.findIndex((line) => {
    // UTF-16 units: BIRD's words are ASCII except for names by an operator, and an estimate is enough.
    bytes += line.length + 1;
    routes += isRoute(line) ? 1 : 0;
    return bytes > maxBytes || routes > maxRoutes;
  });
  return end === -1
    ? lines.join('\n')
    : [...lines.slice(0, end), `... cut off here: there is more`].join('\n');
}

/**
 * The AS paths in BIRD's lines on routes, one line each: the network, `*` where the route is the best, the protocol it
 * came from, and the path. A route without one, such as our own, is `local`.
 */
export function pathsOf(lines: readonly string[]): string[] {
  const found: { head: string; path: string | undefined }[] = [];
  let network = '';
  for (const line of lines) {
    const [, named, from = '', rest = ''] = routeLine.exec(line) ?? [];
    if (named !== undefined) {
      network = named || network;
      found.push({
        head: `${network} ${rest.trimStart().startsWith('*') ? '*' : ' '} ${from}`,
        path: undefined,
      });
    }
    const path = /^\s*(?:BGP\.as_path|bgp_path):\s*(.*)$/.exec(line)?.[1];
    const route = found.at(-1);
    if (route && path !== undefined) route.path = path.trim();
  }
  return found.map(({ head, path }) => `${head}: ${path || 'local'}`);
}

// `172.20.0.0/24   unicast [dn42_4242420001 20:10:11.923 from fe80::2] * (100) [AS4242420001i]`; the network is left out
// where it is that of the route before.
const routeLine = /^(\S+\/\d+|)\s+\S+\s+\[([A-Za-z0-9_.-]+) [^\]]*\](.*)$/;

function isRoute(line: string): boolean {
  return routeLine.test(line);
}
