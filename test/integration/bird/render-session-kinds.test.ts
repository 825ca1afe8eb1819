import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/adapters/templates/load-templates.js';
import type { Session } from '../../../src/core/model/session.js';
import { asn } from '../../../src/core/model/values/asn.js';
import { renderBird } from '../../../src/core/render/bird.js';
import type { Namespace } from '../../../src/lab/namespace.js';
import { documented } from '../../unit/core/render/routings.js';
import { makeSession, v4, v6 } from '../../unit/make.js';
import { join, Routers } from './routers/routers.js';
import type { RunningBird } from './routers/running-bird.js';

// Sessions whose tunnels have addresses of their own, point to point: our loopbacks here, the neighbor's there.
const ourIpv4 = '172.22.188.1';
const ourIpv6 = 'fd00:4242:7777:101:1::1';

interface Kind {
  readonly name: string;
  readonly as: number;
  readonly session: Partial<Session>;
  /** The neighbor's BGP, as it is without a word of ours. */
  readonly protocols: string;
  /** Our protocols and the network that each is to bring. */
  readonly brings: Readonly<Record<string, readonly string[]>>;
}

const routes = ['172.21.1.0/24', 'fd42:1::/48'];

const kinds: readonly Kind[] = [
  {
    name: 'MP-BGP without extended next hop',
    as: 4242420001,
    session: { extendedNextHop: false, ipv4: v4('172.23.91.1') },
    protocols: `protocol bgp node from ours {
      neighbor fe80::998%'to_node' as 4242420998;
      ipv4 { import all; export all; };
      ipv6 { import all; export all; };
    }`,
    brings: { dn42_4242420001: routes },
  },
  {
    name: 'no MP-BGP, IPv4 and IPv6 addresses',
    as: 4242420002,
    session: {
      mpBgp: false,
      extendedNextHop: false,
      ipv4: v4('172.23.91.2'),
      ipv6: v6('fd42:4242:2::1'),
      ipv6LinkLocal: undefined,
    },
    protocols: `
      protocol bgp node_v4 from ours { neighbor ${ourIpv4} as 4242420998; ipv4 { import all; export all; }; }
      protocol bgp node_v6 from ours { neighbor ${ourIpv6} as 4242420998; ipv6 { import all; export all; }; }`,
    brings: { dn42_4242420002_v4: ['172.21.1.0/24'], dn42_4242420002_v6: ['fd42:1::/48'] },
  },
  {
    name: 'no MP-BGP, only link-local',
    as: 4242420003,
    session: { mpBgp: false, extendedNextHop: false },
    protocols: `protocol bgp node_v6 from ours {
      neighbor fe80::998%'to_node' as 4242420998;
      ipv6 { import all; export all; };
    }`,
    brings: { dn42_4242420003_v6: ['fd42:1::/48'] },
  },
];

const neighborsFile = ({ as, protocols }: Kind) => `
  router id 192.0.2.${as % 100};
  protocol device { }
  protocol static { ipv4; route 172.21.1.0/24 unreachable; }
  protocol static { ipv6; route fd42:1::/48 unreachable; }
  template bgp ours { local as ${as}; connect delay time 1; }
  ${protocols}
`;

const routers = new Routers();
const neighbors = new Map<string, RunningBird>();
let node: RunningBird;

async function connect(host: Namespace, { as, session, name }: Kind): Promise<Namespace> {
  const outside = await routers.open(name);
  const tunnel = `wg_${as % 100}`;
  await join(
    { host, interface: tunnel, address: 'fe80::998' },
    { host: outside, interface: 'to_node', address: 'fe80::2' },
  );
  const pairs = [
    [ourIpv4, session.ipv4],
    [ourIpv6, session.ipv6],
  ] as const;
  for (const [ours, theirs] of pairs) {
    if (theirs === undefined) continue;
    const nodad = theirs.includes(':') ? ['nodad'] : [];
    await host.run('ip', ['addr', 'add', ours, 'peer', theirs, 'dev', tunnel, ...nodad]);
    await outside.run('ip', ['addr', 'add', theirs, 'peer', ours, 'dev', 'to_node', ...nodad]);
  }
  return outside;
}

beforeAll(async () => {
  const host = await routers.open('node', [`${ourIpv4}/32`, `${ourIpv6}/128`]);
  for (const kind of kinds) {
    const outside = await connect(host, kind);
    neighbors.set(kind.name, await routers.start(outside, { 'bird.conf': neighborsFile(kind) }));
  }
  const sessions = kinds.map(({ as, session }) => ({
    protocol: `dn42_${as}`,
    latencyTier: undefined,
    session: makeSession({ uuid: `s-${as}`, asn: asn.parse(as), interface: `wg_${as % 100}`, ...session }),
  }));
  const routing = { ...documented, sessions, ibgpPeers: [], meshInterfaces: [] };
  const files = renderBird(routing, await loadTemplates()).map(({ path, content }) => [path, content]);
  node = await routers.start(host, Object.fromEntries(files));
});

afterAll(() => routers.close());

const soon = { timeout: 30_000, interval: 200 };

describe.each(kinds)('a session with $name', ({ name, brings }) => {
  it.each(Object.entries(brings))('brings the neighbor’s routes by %s', async (protocol, networks) => {
    await expect.poll(() => node.networks(`show route protocol ${protocol}`), soon).toEqual(networks);
  });

  it('sends our own blocks', async () => {
    const families = new Set(
      Object.values(brings)
        .flat()
        .map((network) => network.includes(':')),
    );
    const own = ['172.22.188.0/26', 'fd00:4242:7777::/48'].filter((block) =>
      families.has(block.includes(':')),
    );
    const networks = () => neighbors.get(name)?.networks('show route where bgp_path.last = 4242420998');
    await expect.poll(networks, soon).toEqual(own);
  });
});
