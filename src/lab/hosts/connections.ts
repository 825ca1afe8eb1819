import type { PeerHost } from './peer-host.js';

/**
 * The peer's BGP connections, as address and port of both ends. The same pair before and after means that the session
 * was never reset, which BIRD's `Since` does not tell for sure (2.20.0 changes it without a reset).
 */
async function bgpConnections({ host }: PeerHost): Promise<string> {
  const filter = '( sport = :179 or dport = :179 )';
  const { stdout } = await host.run('ss', ['-tnH', 'state', 'established', filter]);
  const pairs = stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/).slice(2, 4).join(' '));
  return pairs.sort().join(', ');
}

/** The BGP connections of all these peers: ASN → connections. */
export async function allConnections(peers: readonly PeerHost[]): Promise<ReadonlyMap<number, string>> {
  return new Map(
    await Promise.all(peers.map(async (peer) => [peer.spec.asn, await bgpConnections(peer)] as const)),
  );
}

/** The ASNs whose connections are not the same as before; those in `expected` do not count. */
export function disturbed(
  before: ReadonlyMap<number, string>,
  after: ReadonlyMap<number, string>,
  expected: readonly number[],
): number[] {
  return [...before]
    .filter(([asn, pairs]) => !expected.includes(asn) && after.get(asn) !== pairs)
    .map(([asn]) => asn);
}
