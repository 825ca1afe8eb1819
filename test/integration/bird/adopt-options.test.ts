import { afterAll, expect, it, vi } from 'vitest';
import { readPreviousConfig } from '../../../src/core/adopt/previous-config.js';
import { formatMark } from '../../../src/core/model/owner.js';
import type { PreservedSession } from '../../../src/core/model/preserved.js';
import { defaultPolicy, type Routing } from '../../../src/core/model/routing.js';
import { asn } from '../../../src/core/model/values/asn.js';
import { patiently } from '../../patiently.js';
import { makeSession, v4 } from '../../unit/make.js';
import { bgpConnections } from './routers/bgp-connections.js';
import { join, Routers } from './routers/routers.js';
import { parseTree, type Tree, treeOf } from './routers/running-bird.js';

/** Options of a session of another's configuration, and of its IPv4 channel: one session each. */
const options = [
  ...[
    '',
    'hold time 30;',
    'keepalive time 9;',
    'startup hold time 30;',
    'connect retry time 20;',
    'error forget time 60;',
  ],
  ...[
    'error wait time 5, 10;',
    'multihop;',
    'multihop 5;',
    'direct;',
    'passive;',
    'passive off;',
    'ttl security off;',
  ],
  ...[
    'allow local as;',
    'allow local as 3;',
    'path metric off;',
    'med metric;',
    'deterministic med;',
    'igp metric off;',
  ],
  ...[
    'prefer older;',
    'default bgp_med 5;',
    'default bgp_local_pref 50;',
    'interpret communities off;',
    'rs client;',
  ],
  ...['allow bgp_local_pref;', 'enforce first as;', 'advertise hostname;', 'enable route refresh off;'],
  ...[
    'enable extended messages;',
    'graceful restart;',
    'graceful restart aware;',
    'graceful restart off;',
    'check link off;',
  ],
  ...[
    'graceful restart time 60;',
    'long lived graceful restart;',
    'long lived stale time 30;',
    'local role peer;',
  ],
  ...['router id 10.9.9.9;', 'disable after error;', 'bfd off;', 'hold time HOLD; passive SWITCH;'],
] as const;
const channelOptions = [
  ...[
    'import table;',
    'export table;',
    'add paths;',
    'add paths rx;',
    'import keep filtered;',
    'gateway recursive;',
  ],
  ...[
    'extended next hop off;',
    'secondary off;',
    'import limit 5 action disable; next hop self; preference 5;',
  ],
] as const;

interface Case {
  readonly number: number;
  readonly option: string;
  readonly channel: string;
}

const cases: Case[] = [
  ...options.map((option) => ({ option, channel: '' })),
  ...channelOptions.map((channel) => ({ option: '', channel })),
].map((each, number) => ({ ...each, number }));

const ownAsn = 4242420998;
const theirAsn = (number: number) => 4242421000 + number;
const ours = (number: number) => `10.200.${number}.1`;
const theirs = (number: number) => `10.200.${number}.2`;

const routers = new Routers();
afterAll(() => routers.close());

const previousConf = `
router id 192.0.2.1;
define HOLD = 30;
define SWITCH = 0;
define OWNAS = ${ownAsn};
protocol device { }
template bgp t { local as OWNAS; ipv4 { import all; export all; }; }
${cases
  .map(
    ({ number, option, channel }) => `protocol bgp dn42_${theirAsn(number)} from t {
    neighbor ${theirs(number)} as ${theirAsn(number)}; ${option} ipv4 { ${channel} };
}`,
  )
  .join('\n')}
`;

const neighborsConf = `
router id 192.0.2.2;
protocol device { }
${cases
  .map(
    ({ number, option }) => `protocol bgp p${number} {
    local ${theirs(number)} as ${theirAsn(number)}; neighbor ${ours(number)} as ${ownAsn};
    ${/^(multihop|direct)/.exec(option) ? `${option.split(' ')[0]?.replace(';', '')};` : ''} connect delay time 1;
    ipv4 { import all; export none; };
}`,
  )
  .join('\n')}
`;

/** What the agent makes of it; `isKept` false: what it would make of it by itself. */
function adopted(isKept: boolean): Promise<Tree> {
  const { bgp } = readPreviousConfig([{ path: 'bird.conf', text: previousConf }]);
  const preserved: Record<string, PreservedSession> = {};
  const sessions = cases.map(({ number }) => {
    const session = makeSession({
      uuid: `case-${number}`,
      asn: asn.parse(theirAsn(number)),
      interface: 'cable0',
      ipv4: v4(theirs(number)),
      ipv6LinkLocal: undefined,
    });
    const options = bgp[number]?.options;
    if (!options || 'problem' in options) throw new Error(`${number}: ${options?.problem}`);
    const mark = formatMark({ kind: 'session', uuid: session.uuid });
    preserved[mark] = { wish: '', protocols: [options.preserved], addresses: [] };
    return { session, protocol: `dn42_${session.asn}`, latencyTier: undefined };
  });
  return treeOf({ ...routing, sessions, preserved: isKept ? preserved : {} });
}

const routing: Routing = {
  mode: 'full',
  birdVersion: undefined,
  node: {
    id: 1,
    name: makeSession().description,
    asn: asn.parse(ownAsn),
    routerId: v4('192.0.2.1'),
    loopbackIpv4: undefined,
    loopbackIpv6: undefined,
    isRouteReflector: false,
    bandwidth: undefined,
    bandwidthCommunity: undefined,
    regionCommunity: undefined,
    continentLc: undefined,
    subregionLc: undefined,
  },
  policy: defaultPolicy,
  sessions: [],
  ibgpPeers: [],
  meshInterfaces: [],
  collector: undefined,
  protectedNetworks: [],
  maintenance: false,
};

it('no session is reset when the agent’s files take the place of another’s, whatever its options were', async () => {
  const node = await routers.open('node');
  const other = await routers.open('other');
  await join(
    { host: node, interface: 'cable0', address: 'fe80::1' },
    { host: other, interface: 'cable0', address: 'fe80::2' },
  );
  for (const { number } of cases) {
    await node.run('ip', ['addr', 'add', `${ours(number)}/24`, 'dev', 'cable0']);
    await other.run('ip', ['addr', 'add', `${theirs(number)}/24`, 'dev', 'cable0']);
  }
  for (const text of [previousConf, neighborsConf]) await parseTree({ 'bird.conf': text });
  const bird = await routers.start(node, { 'bird.conf': previousConf });
  await routers.start(other, { 'bird.conf': neighborsConf });
  const established = async () => (await bird.ask('show protocols')).match(/Established/g)?.length ?? 0;
  await vi.waitFor(async () => expect(await established()).toBe(cases.length), {
    timeout: 40_000,
    interval: 500,
  });

  const before = await bgpConnections(node);
  expect(before.size).toBe(cases.length);
  await bird.configure(await adopted(true));
  await vi.waitFor(
    async () => expect(await bird.ask('show status')).toContain('Daemon is up and running'),
    patiently,
  );
  const after = await bgpConnections(node);
  expect(cases.filter(({ number }) => after.get(theirs(number)) !== before.get(theirs(number)))).toEqual([]);
  expect(await established()).toBe(cases.length);
  expect(await bird.ask('show protocols')).toContain('moenet_kernel_v4');

  // What sees no reset here would see one.
  await bird.configure(await adopted(false));
  const anew = await bgpConnections(node);
  expect(cases.filter(({ number }) => anew.get(theirs(number)) === before.get(theirs(number)))).toEqual([]);
}, 90_000);
