import { endianness } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLinks } from '../../../src/adapters/iproute2/links.js';
import { parseGateways } from '../../../src/adapters/uplink/parse.js';
import { protectedNetworks } from '../../../src/core/desired/protected.js';
import type { Routing } from '../../../src/core/model/routing.js';
import { asn } from '../../../src/core/model/values/asn.js';
import type { Prefix } from '../../../src/core/model/values/ip.js';
import type { Namespace } from '../../../src/lab/namespace.js';
import { makeSession, v4, v6 } from '../../unit/make.js';
import { type Outside, outsideConfig } from './routers/outside.js';
import { join, Routers } from './routers/routers.js';
import { installedVersion, type RunningBird, type Tree, treeOf } from './routers/running-bird.js';
import { openThreeHosts, routingOf } from './routers/three-nodes.js';

// The machine: its uplink is a host of 10.7.6.0/23, with a gateway outside; somebody made a tunnel by hand.
const uplink = '10.7.6.5/23';
const gateway = v4('172.31.1.1');
const handMade = '172.20.5.1/27';
const dependsOn = {
  controlPlane: [v4('10.99.0.1'), v6('fd99::1')],
  resolvers: [v4('172.31.0.2')],
  rtrCaches: [v4('10.5.0.3')],
};

const hostile = [
  { prefix: '172.31.0.2/32', what: 'the resolver' },
  { prefix: '172.31.0.0/24', what: 'a network around the resolver' },
  { prefix: '172.31.0.0/16', what: 'all that can be around it' },
  { prefix: '172.31.1.1/32', what: 'the gateway' },
  { prefix: '10.99.0.0/24', what: 'a network around the control plane' },
  { prefix: '10.98.0.0/15', what: 'a wide network around the control plane' },
  { prefix: '10.5.0.0/24', what: 'a network around an RPKI cache' },
  { prefix: '10.7.6.0/23', what: 'the uplink’s network' },
  { prefix: '10.7.7.0/24', what: 'a half of the uplink’s network' },
  { prefix: '10.6.0.0/15', what: 'a network around the uplink’s' },
  { prefix: 'fd99::/64', what: 'a network around the control plane’s IPv6 address' },
  { prefix: 'fd99::/48', what: 'a wide network around it' },
];
const ordinary = [
  { prefix: '172.21.1.0/24', what: 'an ordinary network' },
  { prefix: '172.31.2.0/24', what: 'a network beside the resolver’s and the gateway’s' },
  { prefix: '172.20.5.0/27', what: 'the network of a tunnel made by hand' },
  { prefix: 'fd42:1::/48', what: 'an ordinary IPv6 network' },
];
const announced = [...hostile, ...ordinary].map(({ prefix }) => prefix).sort();
const harmless = ordinary.map(({ prefix }) => prefix).sort();

const neighbor: Outside = { number: 1, as: 4242420001, announces: [...hostile, ...ordinary] };
const other: Outside = { number: 2, as: 4242420002, announces: [] };

const routers = new Routers();
const outsides = new Map<Outside, RunningBird>();
let host: Namespace;
let node: RunningBird;
let ours: RunningBird;
let routing: Routing;

beforeAll(async () => {
  const hosts = await openThreeHosts(routers);
  host = hosts[1];
  for (const outside of [neighbor, other]) {
    const there = await routers.open(`neighbor${outside.number}`);
    await join(
      { host, interface: `wg_${outside.number}`, address: 'fe80::998' },
      { host: there, interface: 'to_node', address: `fe80::${outside.number}` },
    );
    outsides.set(outside, await routers.start(there, { 'bird.conf': outsideConfig(outside) }));
  }
  await openSurroundings();
  const version = await installedVersion();
  routing = {
    ...routingOf(1, version),
    sessions: [neighbor, other].map(({ number, as }) => ({
      protocol: `dn42_${as}`,
      latencyTier: undefined,
      session: makeSession({
        uuid: `s-${number}`,
        asn: asn.parse(as),
        interface: `wg_${number}`,
        ipv6LinkLocal: v6(`fe80::${number}`),
      }),
    })),
    protectedNetworks: await protectedOnHost(),
  };
  ours = await routers.start(hosts[2], await treeOf(routingOf(2, version)));
  node = await routers.start(host, await treeOf(routing));
});

afterAll(() => routers.close());

async function openSurroundings(): Promise<void> {
  const isp = await routers.open('isp');
  await join(
    { host, interface: 'eth0', address: 'fe80::5' },
    { host: isp, interface: 'to_node', address: 'fe80::6' },
  );
  await host.run('ip', ['addr', 'add', uplink, 'dev', 'eth0']);
  await host.run('ip', ['route', 'add', 'default', 'via', gateway, 'dev', 'eth0', 'onlink']);
  await host.run('ip', ['tuntap', 'add', 'dev', 'hand0', 'mode', 'tun']);
  await host.run('ip', ['addr', 'add', handMade, 'dev', 'hand0']);
  await host.run('ip', ['link', 'set', 'hand0', 'up']);
}

/** As the agent sees the machine. */
async function protectedOnHost() {
  const { stdout } = await host.run('cat', ['/proc/net/route']);
  const links = await openLinks({ run: host.run }).observe();
  const gateways = parseGateways(stdout, endianness());
  return protectedNetworks({
    observed: { links, wireguard: [], surroundings: { ...dependsOn, gateways } },
    dependencies: [],
    ownBlocks: ['172.22.188.0/26' as Prefix, 'fd00:4242:7777::/48' as Prefix],
    throughDn42: [],
  });
}

const soon = { timeout: 40_000, interval: 250 };
const among = (prefixes: readonly string[]) => prefixes.filter((prefix) => announced.includes(prefix)).sort();

/** Those of the announced prefixes that are in BIRD's table, in the kernel, at the other neighbor and at the other node. */
const inTable = async () => among(await node.networks('show route'));
const inKernel = async () => {
  const tables = await Promise.all(
    ['-4', '-6'].map((family) => host.run('ip', [family, 'route', 'show', 'proto', 'bird'])),
  );
  const routes = tables.flatMap(({ stdout }) => stdout.split('\n')).filter((line) => /dev wg_1\b/.test(line));
  // `ip` names a host without its prefix length.
  return among(
    routes.map((line) => line.split(' ')[0] ?? '').map((to) => (to.includes('/') ? to : `${to}/32`)),
  );
};
const atNeighbor = async () => among((await outsides.get(other)?.networks('show route protocol node')) ?? []);
const atNode = async () => among(await ours.networks('show route protocol ibgp_1'));

async function everywhere(wanted: readonly string[]): Promise<void> {
  await expect.poll(inTable, soon).toEqual(announced);
  await expect.poll(inKernel, soon).toEqual(wanted);
  await expect.poll(atNeighbor, soon).toEqual(wanted);
  await expect.poll(atNode, soon).toEqual(wanted);
}

const established = async () =>
  (await node.ask('show protocols')).split('\n').filter((line) => line.includes('Established'));

/** The agent's files in include mode, below an operator's `bird.conf`, with a provider of Internet routes. */
async function includeTree(): Promise<Tree> {
  const operators = `
    router id 172.22.188.1;
    protocol device { scan time 10; }
    include "moenet-agent.conf";
    protocol kernel { ipv4 { import none; export filter moenet_kernel; }; }
    protocol kernel { ipv6 { import none; export filter moenet_kernel; }; }
    protocol bgp to_provider {
      local as MOENET_AS;
      neighbor fe80::2%'wg_2' as ${other.as};
      ipv4 { extended next hop; import all; export none; };
    }
  `;
  const tree = await treeOf({ ...routing, mode: 'include', sessions: routing.sessions.slice(0, 1) });
  return { ...tree, 'bird.conf': operators };
}

describe('a neighbor that announces what the node depends on', () => {
  it('has its routes in BIRD’s table only; the kernel, other neighbors and nodes get its ordinary ones', async () => {
    await everywhere(harmless);
  });

  it.each(hostile)('does not draw traffic for $prefix, $what', async ({ prefix }) => {
    const [address = ''] = prefix.split('/');
    const { stdout } = await host.run('ip', ['route', 'get', address], { okExitCodes: [0, 2] });
    expect(stdout).not.toContain('wg_1');
  });

  it('has them used once nothing depends on them, and not again later, without a reset of a session', async () => {
    const before = await established();
    expect(before).toHaveLength(3);
    await node.configure(await treeOf({ ...routing, protectedNetworks: [] }));
    await everywhere(announced);
    await node.configure(await treeOf(routing));
    await everywhere(harmless);
    expect(await established()).toEqual(before);
  });

  it('has no more success with an operator’s own configuration, which keeps its default route', async () => {
    const provider = { ...other, announces: [{ prefix: '0.0.0.0/0' }, { prefix: '8.8.8.0/24' }] };
    await outsides.get(other)?.configure({ 'bird.conf': outsideConfig(provider) });
    await node.configure(await includeTree());
    const fromProvider = async () => {
      const { stdout } = await host.run('ip', ['-4', 'route', 'show', 'proto', 'bird']);
      return Array.from(stdout.matchAll(/^(\S+) .*dev wg_2\b/gm), ([, to]) => to).sort();
    };
    await expect.poll(fromProvider, soon).toEqual(['8.8.8.0/24', 'default']);
    await expect.poll(inTable, soon).toEqual(announced);
    await expect.poll(inKernel, soon).toEqual(harmless);
  });
});
