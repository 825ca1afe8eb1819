import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRealNode } from './routers/real-node.js';
import { networksIn } from './routers/running-bird.js';
import { type NeighborEnd, openTunnelNeighbor } from './routers/tunnel-neighbor.js';

const nodeLinkLocal = 'fe80::998:101:1:1';
const nodeLoopback = 'fd00:4242:7777:101:1::1';
const nodeIpv4 = '172.22.188.1';
const asn = 4242420998;
const both = `ipv4 { import all; export where source = RTS_STATIC; extended next hop on; };
  ipv6 { import all; export where source = RTS_STATIC; };`;

interface Kind extends NeighborEnd {
  readonly name: string;
  /** Protocol of ours → the neighbor's networks that it brings. */
  readonly brings: Readonly<Record<string, readonly string[]>>;
}

const kinds: readonly Kind[] = [
  {
    name: 'a link-local outside fe80::/64',
    number: 1,
    row: { ipv6LinkLocal: 'fe80:3::2' },
    addresses: ['fe80:3::2/10'],
    bgp: `neighbor ${nodeLinkLocal}%wg0 as ${asn}; ${both}`,
    brings: { dn42_4242420001: ['172.21.1.0/24', 'fd42:1::/48'] },
  },
  {
    name: 'a /31 inside our block',
    number: 2,
    row: { ipv4: '172.22.188.40/31', extensions: [] },
    addresses: ['172.22.188.40/31'],
    bgp: `neighbor 172.22.188.41 as ${asn}; ipv4 { import all; export where source = RTS_STATIC; };`,
    brings: { dn42_4242420002_v4: ['172.21.2.0/24'] },
  },
  {
    name: 'a /127 inside our block, both ends named',
    number: 3,
    row: { ipv6: 'fd00:4242:7777:f::3', ipv6LinkLocal: 'fd00:4242:7777:f::2' },
    addresses: ['fd00:4242:7777:f::3/127'],
    bgp: `neighbor fd00:4242:7777:f::2 as ${asn}; ${both}`,
    brings: { dn42_4242420003: ['172.21.3.0/24', 'fd42:3::/48'] },
  },
  {
    name: 'a public IPv6 address that the operator allows',
    number: 4,
    row: { ipv6: '2001:db8:7::1' },
    addresses: [`2001:db8:7::1/128 peer ${nodeLoopback}/128`],
    bgp: `neighbor ${nodeLoopback} as ${asn}; source address 2001:db8:7::1; ${both}`,
    brings: { dn42_4242420004: ['172.21.4.0/24', 'fd42:4::/48'] },
  },
  {
    name: 'our own link-local, which the peer was told and dials',
    number: 5,
    row: { ipv6: 'fe80::1005', ipv6LinkLocal: 'fe80::998' },
    addresses: ['fe80::1005/64'],
    bgp: `neighbor fe80::998%wg0 as ${asn}; ${both}`,
    brings: { dn42_4242420005: ['172.21.5.0/24', 'fd42:5::/48'] },
  },
  {
    name: 'our own link-local, and a peer that dials the usual one',
    number: 6,
    row: { ipv6: 'fe80::1006', ipv6LinkLocal: 'fe80::998' },
    addresses: ['fe80::1006/64'],
    bgp: `neighbor ${nodeLinkLocal}%wg0 as ${asn}; ${both}`,
    brings: { dn42_4242420006: ['172.21.6.0/24', 'fd42:6::/48'] },
  },
  {
    name: 'MP-BGP over IPv4',
    number: 7,
    row: { ipv4: '172.23.91.7', extensions: ['mp-bgp'] },
    addresses: ['fe80::1007/64', `172.23.91.7/32 peer ${nodeIpv4}/32`],
    bgp: `neighbor ${nodeIpv4} as ${asn}; ipv4 { import all; export where source = RTS_STATIC; };
      ipv6 { import all; export where source = RTS_STATIC; next hop address fe80::1007; };`,
    brings: { dn42_4242420007: ['172.21.7.0/24', 'fd42:7::/48'] },
  },
  {
    name: 'an extended next hop without MP-BGP',
    number: 8,
    row: { ipv6LinkLocal: 'fe80::1008', extensions: ['extended-nexthop'] },
    addresses: ['fe80::1008/64'],
    bgp: `neighbor ${nodeLinkLocal}%wg0 as ${asn}; ${both}`,
    brings: { dn42_4242420008_v6: ['172.21.8.0/24', 'fd42:8::/48'] },
  },
  {
    name: 'a ULA of ours beside a link-local neighbor',
    number: 10,
    row: { ipv6: 'fe80::1010', ipv6LinkLocal: 'fd00:4242:7777:ffff::10' },
    addresses: ['fe80::1010/64'],
    bgp: `neighbor ${nodeLinkLocal}%wg0 as ${asn}; ${both}`,
    brings: { dn42_4242420010: ['172.21.10.0/24', 'fd42:10::/48'] },
  },
];

const soon = { timeout: 60_000, interval: 250 };

let node: Awaited<ReturnType<typeof openRealNode>>;
const neighbors: Awaited<ReturnType<typeof openTunnelNeighbor>>[] = [];
const rows = () => neighbors.map(({ row }) => row);

const addressesOf = async (name: string) => {
  const { stdout } = await node.namespace.run('ip', ['-o', 'addr', 'show', 'dev', name]);
  return Array.from(stdout.matchAll(/inet6? (\S+(?: peer \S+)?)/g), ([, address]) => address);
};

beforeAll(async () => {
  node = await openRealNode('reachable', ['2001:db8:7::/48']);
  for (const kind of kinds) neighbors.push(await openTunnelNeighbor(node.namespace, node.publicKey, kind));
  // The first is set up with what most sessions have, and gets its unusual address by an edit.
  const [first, ...others] = rows();
  await node.pass([{ ...first, ipv6LinkLocal: 'fe80::2' }, ...others]);
}, 120_000);
afterAll(async () => {
  for (const neighbor of neighbors) await neighbor.close();
  await node?.close();
});

it('a link-local outside fe80::/64 gets its longer way to our address in one pass, and the next does nothing', async () => {
  expect(await addressesOf('dn42_1')).toEqual([`${nodeLinkLocal}/64`]);
  const result = await node.pass(rows());
  expect([...result.failures]).toEqual([]);
  expect(result.plan.changes.map(({ kind }) => kind)).toContain('set-link');
  expect(await addressesOf('dn42_1')).toEqual([`${nodeLinkLocal}/10`]);
  expect((await node.pass(rows())).plan.changes).toEqual([]);
});

describe.each(kinds)('a session with $name', ({ brings }) => {
  it.each(Object.entries(brings))(
    "is Established, and brings the neighbor's routes: %s",
    async (protocol, networks) => {
      await expect.poll(() => node.birdc('show', 'protocols', protocol), soon).toContain('Established');
      const found = async () => networksIn(await node.birdc('show', 'route', 'protocol', protocol));
      await expect.poll(found, soon).toEqual(networks);
    },
  );
});

const neighborOf = (number: number) => neighbors[kinds.findIndex((kind) => kind.number === number)];

it('MP-BGP over IPv4 has reachable next hops, for both families and on both sides', async () => {
  const ours = ['172.22.188.0/26', 'fd00:4242:7777::/48'];
  const theirs = ['172.21.7.0/24', 'fd42:7::/48'];
  for (const network of theirs)
    await expect.poll(() => node.birdc('show', 'route', network), soon).toMatch(/via \S+ on dn42_7/);
  for (const network of ours)
    await expect.poll(() => neighborOf(7)?.birdc('show', 'route', network), soon).toMatch(/via \S+ on wg0/);
});

it('our own address of a session is on its tunnel beside the usual one', async () => {
  expect((await addressesOf('dn42_5')).sort()).toEqual(['fe80::998/64', `${nodeLinkLocal}/64`].sort());
  expect(await addressesOf('dn42_10')).toContain('fd00:4242:7777:ffff::10/128');
});

/** Since when BIRD has the protocol as it is, to the millisecond. */
async function sinceOf(protocol: string): Promise<string> {
  const text = await node.birdc('show', 'protocols', protocol);
  expect(text).toContain('Established');
  return text.split('\n').find((line) => line.startsWith(protocol)) ?? '';
}

it('an upgrade resets no session, neither when it adds our own address nor when it reads a row differently', async () => {
  const before = await sinceOf('dn42_4242420006');
  const edited = (number: number, row: object) =>
    rows().map((each, index) => (kinds[index]?.number === number ? { ...each, ...row } : each));
  const without = await node.pass(edited(6, { ipv6LinkLocal: null }));
  expect([...without.failures]).toEqual([]);
  expect(await addressesOf('dn42_6')).toEqual([`${nodeLinkLocal}/64`]);
  expect([...(await node.pass(rows())).failures]).toEqual([]);
  expect(await addressesOf('dn42_6')).toContain('fe80::998/64');
  expect(await sinceOf('dn42_4242420006')).toBe(before);

  // With the two addresses the other way round, BIRD has what the agent before this one made of the row.
  await node.memory.update({ readings: {} });
  const turned = edited(6, { ipv6: 'fe80::998', ipv6LinkLocal: 'fe80::1006' });
  expect([...(await node.pass(turned)).failures]).toEqual([]);
  expect(await sinceOf('dn42_4242420006')).toBe(before);
  await node.birdc('disable', 'dn42_4242420006');
  await node.birdc('enable', 'dn42_4242420006');
  await node.pass(turned);
  await expect.poll(() => node.birdc('show', 'protocols', 'dn42_4242420006'), soon).toContain('Established');
  expect((await node.pass(rows())).plan.changes.map(({ kind }) => kind)).toEqual(['set-link']);
});

it('an address that becomes dangerous is removed from the real interface, and the others stay up', async () => {
  const victim = neighbors[1]?.row as object;
  await node.namespace.run('ip', ['link', 'add', 'lan0', 'type', 'bridge']);
  await node.namespace.run('ip', ['addr', 'add', '172.22.188.40/32', 'dev', 'lan0']);
  const result = await node.pass(rows());
  expect(result.reports.find(({ uuid }) => uuid === 'session-2')).toMatchObject({
    status: 'error',
    error: "172.22.188.40 is an address of this machine (lan0), not the neighbor's",
  });
  const { stdout } = await node.namespace.run('ip', ['-o', 'addr']);
  expect(stdout).not.toContain('172.22.188.41');
  expect(await node.birdc('show', 'protocols')).not.toContain('dn42_4242420002');
  for (const protocol of ['dn42_4242420001', 'dn42_4242420003', 'dn42_4242420004'])
    expect(await node.birdc('show', 'protocols', protocol)).toContain('Established');

  await node.namespace.run('ip', ['link', 'del', 'lan0']);
  await node.pass(rows());
  expect(await addressesOf('dn42_2')).toContain('172.22.188.41/31');
  await node.pass([...rows().filter((row) => row !== victim), { ...victim, status: 5 }]);
  expect((await node.namespace.run('ip', ['-o', 'addr'])).stdout).not.toContain('172.22.188.41');
});

it('a port that a program uses stays with the program', async () => {
  const script = `require('dgram').createSocket('udp6').bind(24009, () => console.log('bound'))`;
  const program = node.namespace.spawn('node', ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => program.stdout?.once('data', resolve));
  const row = { ...neighbors[0]?.row, uuid: 'late', interface: 'dn42_9', port: 24_009, asn: 4242420009 };
  try {
    const { reports } = await node.pass([...rows(), row]);
    expect(reports.find(({ uuid }) => uuid === 'late')?.error).toBe(
      `port: 24009 is already used by node (pid ${program.pid})`,
    );
  } finally {
    const ended = new Promise((resolve) => program.once('exit', resolve));
    program.kill();
    await ended;
  }
  const { reports, failures } = await node.pass([...rows(), row]);
  expect([...failures]).toEqual([]);
  expect(reports.find(({ uuid }) => uuid === 'late')?.error).toBe(undefined);
});
