import { writeFile } from 'node:fs/promises';
import { askBird } from '../../../src/lab/hosts/bird-socket.js';
import type { Namespace } from '../../../src/lab/namespace.js';
import { type Release, releaseNamed } from '../../bird-matrix/releases.js';
import { until } from '../../recovery/neighbor.js';
import { asns, beyond, type Kind, type NeighborSession, neighbor, routes } from '../kinds.js';
import { type Daemon, end, type Neighbor } from './daemon.js';

/** A BIRD of the matrix as the neighbor. */
export function birdDaemon(name: string): Daemon {
  const release = releaseNamed(name);
  const programs = ['bird', 'birdc'].map((program) => ({ name: program, path: `usr/sbin/${program}` }));
  return {
    name,
    release: { ...release, programs },
    role: 'accepted',
    opener: 'both',
    open: (host, kind) => openBird(host, kind, release),
  };
}

const socket = '/run/bird/bird.ctl';

async function openBird(host: Namespace, kind: Kind, { directory }: Release): Promise<Neighbor> {
  const root = `/proc/${host.pid}/root`;
  await writeFile(`${root}/run/bird/bird.conf`, configOf(kind));
  const args = ['-f', '-c', '/run/bird/bird.conf', '-s', socket];
  const daemon = host.spawn(`${directory}/bin/bird`, args, { stdio: 'ignore' });
  const ask = (command: string) => askBird(`${root}${socket}`, command).catch(() => '');
  await until(async () => (await ask('show status')).includes('is up and running'));
  return {
    // Those that it holds for unreachable are no use.
    hasRoute: async (prefix) => {
      const answer = await ask(`show route ${prefix} primary`);
      return answer.includes(prefix) && !answer.includes('unreachable');
    },
    stop: () => end(daemon),
  };
}

function configOf({ neighbor: sessions, extendedNextHop }: Kind): string {
  return `router id 192.0.2.80;
protocol device { }
protocol static { ipv4; route ${routes.neighbor.ipv4} unreachable; }
protocol static { ipv6; route ${routes.neighbor.ipv6} unreachable; }
${sessions.map((session, index) => toNode(session, `node${index}`, extendedNextHop)).join('')}
protocol bgp third4 { local as ${asns.neighbor}; neighbor ${beyond.third.ipv4} as ${asns.third}; ipv4 { import all; export none; }; }
protocol bgp third6 { local as ${asns.neighbor}; neighbor ${beyond.third.ipv6} as ${asns.third}; ipv6 { import all; export none; }; }
`;
}

function toNode({ address, families }: NeighborSession, name: string, extendedNextHop: boolean): string {
  const channels = families.map((family) => {
    const also = extendedNextHop && family === 'ipv4' ? 'extended next hop; ' : '';
    return `${family} { ${also}import all; export all; };`;
  });
  return `protocol bgp ${name} {
  local as ${asns.neighbor};
  neighbor ${address.startsWith('fe80:') ? `${address}%'${neighbor.interface}'` : address} as ${asns.node};
  local role peer;
  ${channels.join('\n  ')}
}
`;
}
