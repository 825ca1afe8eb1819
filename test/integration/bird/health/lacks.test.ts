import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRealNode } from '../routers/real-node.js';
import { type NeighborEnd, openTunnelNeighbor } from '../routers/tunnel-neighbor.js';

const toNode = 'neighbor fe80::998:101:1:1%wg0 as 4242420998;';
const channel = (family: string, also = '') =>
  `${family} { import all; export where source = RTS_STATIC; ${also} };`;

interface Kind extends NeighborEnd {
  readonly name: string;
  /** What `status` says; undefined where the session carries all that it is to carry. */
  readonly degraded: string | undefined;
  readonly routesImported: number;
}

const kinds: readonly Kind[] = [
  {
    name: 'everything that the node configures',
    number: 1,
    row: { ipv6LinkLocal: 'fe80::1001' },
    addresses: ['fe80::1001/64'],
    bgp: `${toNode} graceful restart on; ${channel('ipv4', 'extended next hop on;')} ${channel('ipv6')}`,
    degraded: undefined,
    routesImported: 2,
  },
  {
    name: 'no extended next hop',
    number: 2,
    row: { ipv6LinkLocal: 'fe80::1002' },
    addresses: ['fe80::1002/64'],
    bgp: `${toNode} ${channel('ipv4')} ${channel('ipv6')}`,
    degraded:
      'no IPv4 route goes either way: the neighbor does not offer an extended next hop for IPv4 (RFC 8950) in the session dn42_4242420002. To mend it, the neighbor adds "extended next hop on;" to the ipv4 channel',
    routesImported: 1,
  },
  {
    name: 'no extended next hop, and IPv4 addresses on the tunnel',
    number: 3,
    row: { ipv6LinkLocal: 'fe80::1003', ipv4: '172.23.91.3' },
    addresses: ['fe80::1003/64', '172.23.91.3/32 peer 172.22.188.1/32'],
    bgp: `${toNode} ${channel('ipv4')} ${channel('ipv6')}`,
    degraded: undefined,
    routesImported: 2,
  },
  {
    name: 'no IPv6',
    number: 4,
    row: { ipv6LinkLocal: 'fe80::1004' },
    addresses: ['fe80::1004/64'],
    bgp: `${toNode} ${channel('ipv4', 'extended next hop on;')}`,
    degraded:
      'no IPv6 route goes either way: the neighbor does not offer IPv6 in the session dn42_4242420004',
    routesImported: 1,
  },
  {
    name: 'no IPv4',
    number: 5,
    row: { ipv6LinkLocal: 'fe80::1005' },
    addresses: ['fe80::1005/64'],
    bgp: `${toNode} graceful restart off; ${channel('ipv6')}`,
    degraded:
      'no IPv4 route goes either way: the neighbor does not offer IPv4 in the session dn42_4242420005',
    routesImported: 1,
  },
];

const soon = { timeout: 60_000, interval: 500 };

let node: Awaited<ReturnType<typeof openRealNode>>;
const neighbors: Awaited<ReturnType<typeof openTunnelNeighbor>>[] = [];

const pass = () => node.pass(neighbors.map(({ row }) => row));

beforeAll(async () => {
  node = await openRealNode('lacks');
  for (const kind of kinds) neighbors.push(await openTunnelNeighbor(node.namespace, node.publicKey, kind));
  await pass();
  for (const { number } of kinds) {
    const established = () => node.birdc('show', 'protocols', `dn42_${4242420000 + number}`);
    await vi.waitFor(async () => expect(await established()).toContain('Established'), soon);
  }
}, 120_000);

afterAll(async () => {
  for (const neighbor of neighbors) await neighbor.close();
  await node?.close();
});

describe.each(kinds)('an Established neighbor that offers $name', ({ number, degraded, routesImported }) => {
  it('is degraded where it does not carry a family, and says what mends it', async () => {
    const verdict = (await pass()).verdicts.get(`session-${number}`);
    expect(verdict).toMatchObject({ state: 'ok', isUp: true });
    if (degraded === undefined) expect(verdict?.degraded).toBeUndefined();
    else expect(verdict?.degraded).toContain(degraded);
  });

  it('brings the routes of the families that it carries', async () => {
    const count = async () => {
      const text = await node.birdc('show', 'route', 'protocol', `dn42_${4242420000 + number}`);
      return [...text.matchAll(/^\S+\/\d+ /gm)].length;
    };
    await expect.poll(count, soon).toBe(routesImported);
  });
});

it('BIRD shows who knows graceful restart', async () => {
  const { observed } = await pass();
  const protocols = observed.bird.running ? observed.bird.protocols : [];
  const knows = protocols.flatMap(({ name, bgp }) =>
    bgp?.capabilities ? [[name, bgp.capabilities.neighbor.gracefulRestart]] : [],
  );
  expect(Object.fromEntries(knows)).toMatchObject({ dn42_4242420001: true, dn42_4242420005: false });
});
