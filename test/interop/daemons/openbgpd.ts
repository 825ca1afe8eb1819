import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../../../src/lab/namespace.js';
import type { DaemonRelease } from '../../bird-matrix/fetch.js';
import { until } from '../../recovery/neighbor.js';
import { asns, beyond, type Kind, neighbor, routes } from '../kinds.js';
import { type Daemon, end, type Neighbor, scoped } from './daemon.js';

const release: DaemonRelease = {
  name: 'trixie/openbgpd',
  suite: 'trixie',
  package: 'openbgpd',
  directory: fileURLToPath(new URL('../../../.cache/openbgpd/trixie', import.meta.url)),
  programs: ['bgpd', 'bgpctl'].map((name) => ({ name, path: `usr/sbin/${name}` })),
  versionOption: '-V',
};

export const openBgpdDaemon: Daemon = {
  name: 'trixie/openbgpd',
  release,
  role: 'accepted',
  opener: 'both',
  // Of the next hop `:: fe80::998`, which BIRD sends where it has no other address, it takes the `::`.
  unused: {
    'extended next hop over link-local': ['ipv4', 'ipv6'],
    'MP-BGP over one session': ['ipv6'],
  },
  open: openOpenBgpd,
};

const directory = '/run/openbgpd';
const socket = `${directory}/bgpd.sock`;

async function openOpenBgpd(host: Namespace, kind: Kind): Promise<Neighbor> {
  const root = `/proc/${host.pid}/root`;
  await mkdir(`${root}${directory}`);
  await addUser(host, root);
  await writeFile(`${root}${directory}/bgpd.conf`, configOf(kind), { mode: 0o600 });
  const daemon = host.spawn(`${release.directory}/bin/bgpd`, ['-d', '-f', `${directory}/bgpd.conf`], {
    stdio: 'ignore',
  });
  const ask = async (...words: readonly string[]) =>
    (await host.run(`${release.directory}/bin/bgpctl`, ['-j', '-s', socket, 'show', ...words])).stdout;
  await until(() => ask('summary').then(Boolean, () => false));
  return {
    hasRoute: async (prefix) => {
      const { rib = [] }: { rib?: readonly { readonly valid?: boolean }[] } = JSON.parse(
        await ask('rib', prefix).catch(() => '{}'),
      );
      return rib.some(({ valid }) => valid);
    },
    // Its parts end with it.
    stop: () => end(daemon),
  };
}

/** The user that its parts run as, in a directory of nobody; in this namespace's view only. */
async function addUser(host: Namespace, root: string): Promise<void> {
  await mkdir(`${root}${directory}/empty`, { mode: 0o755 });
  const entries = {
    passwd: `_openbgpd:x:65533:65533::${directory}/empty:/bin/false`,
    group: '_openbgpd:x:65533:',
  };
  for (const [name, line] of Object.entries(entries)) {
    const others = await readFile(`/etc/${name}`, 'utf8');
    await writeFile(`${root}${directory}/${name}`, `${line}\n${others}`);
    await host.run('mount', ['--bind', `${directory}/${name}`, `/etc/${name}`]);
  }
}

function configOf({ neighbor: sessions, extendedNextHop }: Kind): string {
  const toNode = sessions.map(({ address, families }) => {
    const has = (family: 'ipv4' | 'ipv6') => (families.includes(family) ? 'unicast' : 'none');
    return `neighbor ${scoped(address, neighbor.interface)} {
  remote-as ${asns.node}
  role peer
  announce policy yes
  announce IPv4 ${has('ipv4')}
  announce IPv6 ${has('ipv6')}
  announce extended nexthop ${extendedNextHop ? 'yes' : 'no'}
}
`;
  });
  return `AS ${asns.neighbor}
router-id 192.0.2.80
socket "${socket}"
fib-update no
network ${routes.neighbor.ipv4}
network ${routes.neighbor.ipv6}
${toNode.join('')}neighbor ${beyond.third.ipv4} { remote-as ${asns.third} }
neighbor ${beyond.third.ipv6} { remote-as ${asns.third} }
allow from any
allow to any
`;
}
