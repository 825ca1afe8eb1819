import { fileURLToPath } from 'node:url';
import { startFrr } from '../../../src/lab/hosts/frr.js';
import type { Namespace } from '../../../src/lab/namespace.js';
import type { DaemonRelease } from '../../bird-matrix/fetch.js';
import { frrRelease } from '../../recovery/neighbors.js';
import { asns, beyond, type Family, type Kind, neighbor, routes } from '../kinds.js';
import type { Daemon, Neighbor, Opener } from './daemon.js';

/** 8.4 in November 2026, which has no mgmtd. */
const bookwormRelease: DaemonRelease = {
  ...frrRelease,
  name: 'bookworm/frr',
  suite: 'bookworm',
  directory: fileURLToPath(new URL('../../../.cache/frr/bookworm', import.meta.url)),
  programs: frrRelease.programs.filter(({ name }) => name !== 'mgmtd'),
};

/**
 * Over link-local sessions that the other side has opened, 10.3 does not use routes, for it looks up their next hop without the
 * interface (https://github.com/FRRouting/frr/pull/21243 mends that); over those that it has opened itself it does.
 */
export const frrDaemons: readonly Daemon[] = [
  daemonOf(bookwormRelease, 'both'),
  {
    ...daemonOf(frrRelease, 'node'),
    unused: {
      'extended next hop over link-local': ['ipv4', 'ipv6'],
      'MP-BGP over one session': ['ipv6'],
    },
  },
  daemonOf(frrRelease, 'neighbor'),
];

function daemonOf(release: DaemonRelease, opener: Opener): Daemon {
  const open = (host: Namespace, kind: Kind) =>
    openFrr(host, configOf(kind, opener), `${release.directory}/bin`);
  return { name: release.name, release, role: 'accepted', opener, open };
}

async function openFrr(host: Namespace, config: string, programs: string): Promise<Neighbor> {
  const frr = await startFrr(host, config, programs);
  await frr.startBgpd();
  return {
    hasRoute: async (prefix, family) => {
      const [answer = '{}'] = await frr.ask(`show bgp ${family} unicast ${prefix} json`).catch(() => []);
      const { paths = [] }: { paths?: readonly { readonly valid?: boolean }[] } = JSON.parse(answer);
      return paths.some(({ valid }) => valid);
    },
    stop: async () => frr.stop(),
  };
}

function configOf({ neighbor: sessions, extendedNextHop }: Kind, opener: Opener): string {
  const toNode = sessions.flatMap(({ address }) => [
    `neighbor ${address} remote-as ${asns.node}`,
    ...(address.startsWith('fe80:') ? [`neighbor ${address} interface ${neighbor.interface}`] : []),
    ...(extendedNextHop ? [`neighbor ${address} capability extended-nexthop`] : []),
    ...(opener === 'node' ? [`neighbor ${address} passive`] : []),
    `neighbor ${address} local-role peer`,
  ]);
  const toThird = Object.values({ ipv4: beyond.third.ipv4, ipv6: beyond.third.ipv6 }).map(
    (address) => `neighbor ${address} remote-as ${asns.third}`,
  );
  const family = (name: Family) => {
    const members = sessions.filter(({ families }) => families.includes(name));
    const addresses = [...members.map(({ address }) => address), beyond.third[name]];
    return ` address-family ${name} unicast
  network ${routes.neighbor[name]}
${addresses.map((address) => `  neighbor ${address} activate\n`).join('')} exit-address-family
`;
  };
  return `router bgp ${asns.neighbor}
 bgp router-id 192.0.2.80
 no bgp default ipv4-unicast
 no bgp ebgp-requires-policy
 no bgp network import-check
${[...toNode, ...toThird].map((line) => ` ${line}\n`).join('')}${family('ipv4')}${family('ipv6')}exit
`;
}
