import type { Namespace } from '../namespace.js';
import type { Lab } from '../running-lab.js';

/**
 * The BGP connections of each peer, and those between our nodes, as address and port of both ends: name → connections.
 * The same pair before and after means that a session was never reset, which BIRD's `Since` does not tell for sure
 * (2.20.0 changes it without a reset).
 */
export async function bgpConnections(lab: Lab): Promise<ReadonlyMap<string, string>> {
  const running = lab.peers.filter(({ spec }) => lab.controlPlane.sessions.has(spec.session.uuid));
  const loopbacks = lab.scenario.nodes.flatMap((node) => [node.loopbackIpv4, node.loopbackIpv6]);
  const isInternal = (pair: string) => loopbacks.filter((address) => pair.includes(`${address}]`)).length > 1;
  const found = await Promise.all([
    ...running.map(async ({ spec, host }) => [peerName(spec.asn), await connectionsOf(host)] as const),
    ...lab.nodes.map(async ({ spec, host }) => {
      const internal = (await connectionsOf(host)).filter(isInternal);
      return [`iBGP of ${spec.name}`, internal] as const;
    }),
  ]);
  return new Map(found.map(([name, pairs]) => [name, pairs.join(', ')]));
}

/** The names whose connections are not the same as before; the sessions with the ASNs in `expected` do not count. */
export function disturbed(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  expected: readonly number[],
): string[] {
  const names = expected.map(peerName);
  return [...before]
    .filter(([name, pairs]) => !names.includes(name) && after.get(name) !== pairs)
    .map(([name]) => name);
}

function peerName(asn: number): string {
  return `AS${asn}`;
}

async function connectionsOf(host: Namespace): Promise<string[]> {
  const filter = '( sport = :179 or dport = :179 )';
  const { stdout } = await host.run('ss', ['-tnH', 'state', 'established', filter]);
  const pairs = stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/).slice(2, 4).join(' '));
  return pairs.sort();
}
