import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../../../src/lab/namespace.js';
import type { DaemonRelease } from '../../bird-matrix/fetch.js';
import { until } from '../../recovery/neighbor.js';
import { asns, beyond, families, type Kind, neighbor, node, routes } from '../kinds.js';
import { type Daemon, end, type Neighbor, scoped } from './daemon.js';

const release: DaemonRelease = {
  name: 'trixie/gobgpd',
  suite: 'trixie',
  package: 'gobgpd',
  directory: fileURLToPath(new URL('../../../.cache/gobgp/trixie', import.meta.url)),
  programs: ['gobgpd', 'gobgp'].map((name) => ({ name, path: `usr/bin/${name}` })),
};

export const goBgpDaemon: Daemon = {
  name: 'trixie/gobgpd',
  release,
  // It has no roles: https://github.com/osrg/gobgp/issues/3244, open in November 2026, asks for them.
  role: 'ignored',
  opener: 'both',
  // Extended next hop comes with `neighbor-interface` alone, which is for link-local addresses: its docs/sources/unnumbered-bgp.md.
  notOffered: ['extended next hop over ULA'],
  open: openGoBgp,
};

const directory = '/run/gobgp';

async function openGoBgp(host: Namespace, kind: Kind): Promise<Neighbor> {
  const root = `/proc/${host.pid}/root`;
  await mkdir(`${root}${directory}`);
  await writeFile(`${root}${directory}/gobgpd.toml`, configOf(kind));
  // Where it has the interface in place of an address, it takes the address of the kernel's table of neighbors.
  const probe = ['-6', '-c', '3', scoped(node.linkLocal, neighbor.interface)];
  await host.run('fping', probe);
  const daemon = host.spawn(`${release.directory}/bin/gobgpd`, ['-f', `${directory}/gobgpd.toml`], {
    stdio: 'ignore',
  });
  const ask = async (...words: readonly string[]) =>
    (await host.run(`${release.directory}/bin/gobgp`, words)).stdout;
  await until(() => ask('neighbor').then(Boolean, () => false));
  for (const family of families) await ask('global', 'rib', 'add', '-a', family, routes.neighbor[family]);
  return {
    hasRoute: async (prefix, family) => {
      const answer = await ask('-j', 'global', 'rib', prefix, '-a', family).catch(() => '');
      return answer.includes(`"${prefix}"`);
    },
    stop: () => end(daemon),
  };
}

function configOf({ neighbor: sessions, extendedNextHop }: Kind): string {
  const toNode = sessions.map(({ address, families: names }) =>
    neighborOf(
      extendedNextHop
        ? `neighbor-interface = "${neighbor.interface}"`
        : `neighbor-address = "${scoped(address, neighbor.interface)}"`,
      asns.node,
      names,
    ),
  );
  return `[global.config]
as = ${asns.neighbor}
router-id = "192.0.2.80"
${exportPolicy(extendedNextHop ? neighbor.linkLocal : neighbor.ipv4)}
${toNode.join('')}${neighborOf(`neighbor-address = "${beyond.third.ipv4}"`, asns.third, ['ipv4'])}${neighborOf(`neighbor-address = "${beyond.third.ipv6}"`, asns.third, ['ipv6'])}`;
}

function neighborOf(peer: string, asn: number, names: readonly string[]): string {
  const each = (name: string) => `[[neighbors.afi-safis]]
[neighbors.afi-safis.config]
afi-safi-name = "${name}-unicast"
`;
  return `[[neighbors]]
[neighbors.config]
${peer}
peer-as = ${asn}
${names.map(each).join('')}`;
}

/** The next hops that it sends by itself over a link-local session are none that BIRD 2.0.12 takes: it takes the routes as withdrawn. */
const exportPolicy = (ipv4: string) => `[global.apply-policy.config]
export-policy-list = ["next-hop"]
default-export-policy = "accept-route"
${prefixSet('ipv4', '0.0.0.0/0', 32)}${prefixSet('ipv6', '::/0', 128)}[[policy-definitions]]
name = "next-hop"
${statement('ipv4', ipv4)}${statement('ipv6', neighbor.linkLocal)}`;

const prefixSet = (name: string, prefix: string, longest: number) => `[[defined-sets.prefix-sets]]
prefix-set-name = "${name}"
[[defined-sets.prefix-sets.prefix-list]]
ip-prefix = "${prefix}"
masklength-range = "0..${longest}"
`;

const statement = (name: string, nextHop: string) => `[[policy-definitions.statements]]
name = "${name}"
[policy-definitions.statements.conditions.match-prefix-set]
prefix-set = "${name}"
match-set-options = "any"
[policy-definitions.statements.actions]
route-disposition = "accept-route"
[policy-definitions.statements.actions.bgp-actions]
set-next-hop = "${nextHop}"
`;
