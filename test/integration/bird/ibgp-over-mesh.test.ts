import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protectedNetworks } from '../../../src/core/desired/protected.js';
import type { Routing } from '../../../src/core/model/routing.js';
import { asn } from '../../../src/core/model/values/asn.js';
import type { Ipv4, Ipv6, Prefix } from '../../../src/core/model/values/ip.js';
import type { Namespace } from '../../../src/lab/namespace.js';
import { makeSession, v4, v6 } from '../../unit/make.js';
import { outsideConfig } from './routers/outside.js';
import { join, Routers } from './routers/routers.js';
import { installedVersion, type RunningBird, treeOf } from './routers/running-bird.js';
import { openThreeHosts, routingOf } from './routers/three-nodes.js';

// Nodes 1 and 2 speak iBGP over the mesh. A neighbor of node 1 has node 2's loopback on its own machine, announces all
// that leads there, and calls node 1 from there as node 2 would.
interface Network {
  readonly where: string;
  readonly ipv4Prefix: Prefix;
  readonly ipv6Prefix: Prefix;
  readonly loopback: (id: 1 | 2) => Ipv4 | Ipv6;
  /** What the neighbor announces, and what of it the import filter accepts. */
  readonly announces: readonly string[];
  readonly accepted: readonly string[];
  /** What node 2 tells node 1 by iBGP, a part of our own block, and an address in it. */
  readonly part: string;
  readonly inPart: string;
}

const inside: Network = {
  where: 'inside our own blocks',
  ipv4Prefix: '172.22.188.0/26' as Prefix,
  ipv6Prefix: 'fd00:4242:7777::/48' as Prefix,
  loopback: (id) => v6(`fd00:4242:7777:101:${id}::1`),
  announces: [
    'fd00:4242:7777:101:2::1/128',
    'fd00:4242:7777:101::/64',
    'fd00:4242:7777::/48',
    'fd00:4242:7770::/44',
  ],
  accepted: ['fd00:4242:7770::/44'],
  part: 'fd00:4242:7777:beef::/64',
  inPart: 'fd00:4242:7777:beef::1',
};
const outside: Network = {
  where: 'outside our own blocks',
  ipv4Prefix: '172.22.190.0/26' as Prefix,
  ipv6Prefix: 'fd00:4242:8888::/48' as Prefix,
  loopback: (id) => v4(`10.127.0.${id}`),
  announces: ['10.127.0.2/32', '10.127.0.0/24', '10.127.0.0/16', '10.126.0.0/15'],
  accepted: ['10.126.0.0/15', '10.127.0.0/16', '10.127.0.0/24', '10.127.0.2/32'],
  part: '172.22.190.32/28',
  inPart: '172.22.190.33',
};

const hostileAs = 4242420001;

function hostileConfig({ announces, loopback }: Network): string {
  const hostile = { number: 1, as: hostileAs, announces: announces.map((prefix) => ({ prefix })) };
  return `${outsideConfig(hostile)}
    protocol bgp as_node2 {
      local ${loopback(2)} as 4242420998;
      neighbor ${loopback(1)} as 4242420998;
      multihop;
      connect delay time 1;
      connect retry time 1;
      error wait time 1, 1;
      ipv4 { import all; export all; };
      ipv6 { import all; export all; };
    }
  `;
}

const soon = { timeout: 40_000, interval: 250 };
const isIpv6 = (address: string): address is Ipv6 => address.includes(':');
/** Longer than the neighbor takes to call a few times. */
const patience = 4_000;

describe.each([inside, outside])(
  'where loopbacks are $where, a neighbor that claims those of a node',
  (network) => {
    const routers = new Routers();
    let host: Namespace;
    let node: RunningBird;
    let ours: RunningBird;
    let theirs: RunningBird;
    let routing: Routing;

    function routingAt(id: 1 | 2, version: string): Routing {
      const { ipv4Prefix, ipv6Prefix, loopback } = network;
      const only = (of: 1 | 2) => {
        const address = loopback(of);
        return {
          loopbackIpv4: isIpv6(address) ? undefined : address,
          loopbackIpv6: isIpv6(address) ? address : undefined,
        };
      };
      const plain = routingOf(id, version);
      const other = id === 1 ? 2 : 1;
      return {
        ...plain,
        node: { ...plain.node, ...only(id) },
        policy: { ...plain.policy, ipv4Prefix, ipv6Prefix },
        ibgpPeers: plain.ibgpPeers
          .filter(({ nodeId }) => nodeId === other)
          .map((peer) => ({ ...peer, ...only(other) })),
        protectedNetworks: protectedNetworks({
          observed: { links: [], wireguard: [], surroundings: undefined },
          dependencies: [
            { address: loopback(id), what: 'loopback of this node', way: 'own' },
            { address: loopback(other), what: `loopback of node ${other}`, way: 'mesh' },
          ],
          ownBlocks: [ipv4Prefix, ipv6Prefix],
          throughDn42: [],
        }),
      };
    }

    beforeAll(async () => {
      const hosts = await openThreeHosts(routers);
      host = hosts[1];
      for (const id of [1, 2] as const) {
        await hosts[id].run('ip', ['addr', 'replace', network.loopback(id), 'dev', 'lo']);
      }
      const there = await routers.open('hostile', [network.loopback(2)]);
      await join(
        { host, interface: 'wg_1', address: 'fe80::998' },
        { host: there, interface: 'to_node', address: 'fe80::1' },
      );
      const family = isIpv6(network.loopback(1)) ? [] : ['inet6'];
      const toNode = ['via', ...family, 'fe80::998', 'dev', 'to_node'];
      await there.run('ip', ['route', 'add', network.loopback(1), ...toNode]);
      await setMesh('down');
      theirs = await routers.start(there, { 'bird.conf': hostileConfig(network) });
      const version = await installedVersion();
      const tree = await treeOf(routingAt(2, version));
      const part = `protocol static part { ${isIpv6(network.part) ? 'ipv6' : 'ipv4'}; route ${network.part} unreachable; }\n`;
      ours = await routers.start(hosts[2], { ...tree, 'peers/part.conf': part });
      const session = makeSession({
        uuid: 's-1',
        asn: asn.parse(hostileAs),
        interface: 'wg_1',
        ipv6LinkLocal: v6('fe80::1'),
      });
      const sessions = [{ protocol: `dn42_${hostileAs}`, latencyTier: undefined, session }];
      routing = { ...routingAt(1, version), sessions };
      node = await routers.start(host, await treeOf(routing));
    });

    afterAll(() => routers.close());

    const setMesh = (state: 'up' | 'down') =>
      host.run('ip', ['link', 'set', 'dn42-wg-igp-2', state]).then(async () => {
        // An interface that goes down loses its addresses of IPv6.
        if (state === 'up')
          await host.run('ip', ['addr', 'replace', 'fe80::1/64', 'dev', 'dn42-wg-igp-2', 'nodad']);
      });
    const isUp = async (bird: RunningBird, protocol: string) =>
      (await bird.ask(`show protocols ${protocol}`)).includes('Established');
    const accepted = async () => {
      const networks = await node.networks(`show route protocol dn42_${hostileAs}`);
      return networks.toSorted();
    };
    /** The interface by which the kernel reaches an address; undefined: by none. */
    const wayTo = async (address: string) => {
      const { stdout } = await host.run('ip', ['route', 'get', address], { okExitCodes: [0, 2] });
      return /\bdev (\S+)/.exec(stdout)?.[1];
    };
    const wayToNode2 = () => wayTo(network.loopback(2));
    const wayToPart = () => wayTo(network.inPart);

    async function isNeverIn(): Promise<void> {
      const untilMs = Date.now() + patience;
      while (Date.now() < untilMs) {
        expect(await isUp(theirs, 'as_node2')).toBe(false);
        expect(await wayToNode2()).not.toBe('wg_1');
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }

    it('gets no traffic for it and no iBGP session while the mesh is down', async () => {
      await expect.poll(accepted, soon).toEqual([...network.accepted].sort());
      await isNeverIn();
      expect(await wayToNode2()).not.toBe('wg_1');
      expect(await isUp(node, 'ibgp_2')).toBe(false);
    });

    it('gets none either while the mesh is up and carries the session', async () => {
      await setMesh('up');
      await expect.poll(() => isUp(ours, 'ibgp_1'), soon).toBe(true);
      await expect.poll(wayToNode2, soon).toBe('dn42-wg-igp-2');
      await expect.poll(wayToPart, soon).toBe('dn42-wg-igp-2');
      await isNeverIn();
      expect(await isUp(ours, 'ibgp_1')).toBe(true);
    });

    it('gets no traffic for the node when the mesh breaks and iBGP has not noticed yet', async () => {
      await setMesh('down');
      await expect.poll(wayToPart, soon).not.toBe('dn42-wg-igp-2');
      expect(await isUp(node, 'ibgp_2')).toBe(true);
      await isNeverIn();
      expect(await wayToPart()).not.toBe('wg_1');
    });
  },
);
