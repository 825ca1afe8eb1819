import { describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../../src/adapters/templates/load-templates.js';
import type { Routing } from '../../../../src/core/model/routing.js';
import { describeTextChange } from '../../../../src/core/plan/text-change.js';
import { renderBird } from '../../../../src/core/render/bird.js';
import { makeSession, v4, v6 } from '../../make.js';
import { routings } from '../render/routings.js';

const templates = await loadTemplates();
const [base = undefined as never] = Object.values(routings);
const session = makeSession();
const routing: Routing = {
  ...base,
  sessions: [{ session, protocol: 'dn42_4242421080', latencyTier: 0 }],
};

/** What is said of each file that differs once `change` has come. */
function changesOf(change: Partial<Routing>, rttMs?: number): string[] {
  const before = new Map(renderBird(routing, templates).map(({ path, content }) => [path, content]));
  return renderBird({ ...routing, ...change }, templates)
    .filter(({ path, content }) => before.get(path) !== content)
    .map(({ path, content }) => `${path}: ${describeTextChange(before.get(path) ?? '', content, rttMs)}`);
}

function sessionWith(change: Parameters<typeof makeSession>[0], latencyTier = 0): Partial<Routing> {
  return { sessions: [{ session: makeSession(change), protocol: 'dn42_4242421080', latencyTier }] };
}

const file = 'peers/dn42_4242421080.conf';

describe('a text that differs says what differs:', () => {
  it.each<[string, Partial<Routing>, string[]]>([
    [
      'the latency tier, with the measured time',
      sessionWith({}, 1),
      [`${file}: the latency tier changes from 0 to 1, at 3.1 ms`],
    ],
    [
      'a limit',
      { policy: { ...routing.policy, ebgpImportLimit: 5000 } },
      [
        `moenet-agent/policy.conf: the import limit of eBGP changes from ${routing.policy.ebgpImportLimit} to 5000`,
      ],
    ],
    [
      "the neighbor's address",
      sessionWith({ ipv6LinkLocal: v6('fe80::3') }),
      [`${file}: the neighbor's address changes from fe80::2 to fe80::3`],
    ],
    [
      'maintenance',
      { maintenance: true },
      ['moenet-agent/maintenance.conf: maintenance changes from false to true'],
    ],
    [
      'the policy, and our role by it',
      sessionWith({ policy: 'peer' }),
      [`${file}: the policy changes from full to peer; our BGP role peer is new`],
    ],
    [
      'what is sent and accepted in the comments is no difference of its own',
      sessionWith({ policy: 'upstream' }),
      [`${file}: the policy changes from full to upstream; our BGP role provider is new`],
    ],
  ])('%s', (_, change, expected) => {
    expect(changesOf(change, 3.14)).toEqual(expected);
  });

  it('a community', () => {
    const communities = { latency: { tier0: [64511, 1], tier1: [64511, 2] } };
    const other = { latency: { tier0: [64511, 1], tier1: [64511, 22] } };
    const text = (table: typeof communities) =>
      renderBird({ ...routing, policy: { ...routing.policy, communities: table } }, templates).find(
        ({ path }) => path === 'moenet-agent/communities.conf',
      )?.content ?? '';
    expect(describeTextChange(text(communities), text(other))).toContain(
      'the community changes from (64511, 2) to (64511, 22)',
    );
  });

  it('a network that the node depends on', () => {
    const network = { network: '172.20.0.53/32' as never, what: ['resolver'], way: 'uplink' as const };
    const [said = ''] = changesOf({ protectedNetworks: [network] });
    expect(said).toContain('the network 172.20.0.53/32 (resolver) is new');
  });

  it('the address of our other node', () => {
    const peer = routing.ibgpPeers[0];
    if (!peer) throw new Error('no iBGP peer');
    const ibgpPeers = [{ ...peer, loopbackIpv4: v4('172.22.188.9'), loopbackIpv6: undefined }];
    expect(
      changesOf({ ibgpPeers }).some((said) => said.includes("the neighbor's address changes from")),
    ).toBe(true);
  });
});

describe('of other lines', () => {
  it.each([
    ['scan time 10;', 'scan time 20;', '"scan time 10;" becomes "scan time 20;"'],
    ['', 'rr client;', '"rr client;" is new'],
    ['rr client;', '', '"rr client;" goes'],
    ['log "/var/log/a" all;', 'log "/var/log/b" all;', '"log ... all;" becomes "log ... all;"'],
    ['a;\nb;', 'b;\na;', 'the order of its lines differs'],
    ['a; # one', 'a; # two', 'its comments differ'],
    ['rr client;\nrr x;', 'rr server;\nrr y;', '"rr client;" becomes "rr server;"; "rr x;" becomes "rr y;"'],
    ['source address fe80::1;', 'source address fe80::9;', 'our address changes from fe80::1 to fe80::9'],
    ['description "old";', 'description "new";', 'the description changes from "old" to "new"'],
  ])('%j → %j: %s', (before, after, expected) => {
    expect(describeTextChange(before, after)).toBe(expected);
  });

  it('names three, and counts the rest', () => {
    const said = describeTextChange('', 'a;\nb;\nc;\nd;\ne;');
    expect(said).toBe('"a;" is new; "b;" is new; "c;" is new; 2 more differences');
  });

  it.each([
    'password "hunter2";',
    'password hex:68756e74657232;',
    '  "hunter2";',
    'authentication ao; keys { key { id 1; secret "hunter2"; } };',
    'x "hunter2',
    '# BGP password: hunter2',
  ])('shows no secret of %j', (line) => {
    for (const said of [
      describeTextChange(line, ''),
      describeTextChange('', line),
      describeTextChange(line, 'b;'),
    ])
      expect(said).not.toMatch(/hunter2|68756e/);
  });

  it('is one line of printable characters, however hostile the file is', () => {
    const said = describeTextChange(`\u001b[31m${'x'.repeat(5000)}\u0007;`, 'a;');
    expect(said).toMatch(/^[\x20-\x7e]{1,400}$/);
  });

  it('takes no longer than it must for thousands of lines', () => {
    const lines = (from: number) => Array.from({ length: 20_000 }, (_, n) => `route ${from + n};`).join('\n');
    const [before, after] = [lines(0), lines(20_000)];
    // Of this process alone: the machine may be busy with others.
    const start = process.cpuUsage();
    describeTextChange(before, after);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(3000);
  });
});

describe('what an operator adds', () => {
  const hooks = { path: 'local/hooks.conf', hash: '0123456789abcdef', localImport: true, localExport: true };

  it('is named with its file, and with what the filters do first', () => {
    expect(changesOf({ local: { files: [], hooks } })).toEqual([
      "bird.conf: the operator's file local/hooks.conf 01234567 is new",
      `${file}: what the import filter does first "local_import(4242421080);" is new; what the export filter does first "local_export(4242421080);" is new`,
    ]);
  });

  it('is named if its text differs', () => {
    const withHash = (hash: string) => [
      ...renderBird({ ...routing, local: { files: [{ path: 'local/a.conf', hash }] } }, templates),
    ];
    const [before = '', after = ''] = ['0123456789abcdef', 'fedcba9876543210'].map(
      (hash) => withHash(hash).find(({ path }) => path === 'bird.conf')?.content,
    );
    expect(describeTextChange(before, after)).toBe(
      "the operator's file local/a.conf changes from 01234567 to fedcba98",
    );
  });

  it('for one session is named by what its filters do first', () => {
    expect(changesOf(sessionWith({ options: { prepend: 1, localPreference: 50 } }))).toEqual([
      `${file}: what the import filter does first "moenet_wished_preference = 50;" is new; what the export filter does first "bgp_path.prepend(MOENET_AS);" is new`,
    ]);
  });
});

it.each([
  ['moenet_ebgp_export(', ''],
  ['moenet_ebgp_export_to(4242421080, ', ''],
  ['moenet_ebgp_export_to(4242421080, ', 'bgp_med = 50; '],
])('a preshared key that comes is named as a change of the encryption: %s %s', (call, first) => {
  const filter = (crypto: string) =>
    `export filter { ${first}moenet_link_out(MOENET_LINK_${crypto}, MOENET_TIER_3); ${call}MOENET_POLICY_PEER); };`;
  expect(describeTextChange(filter('WIREGUARD'), filter('PRESHARED'))).toBe(
    "the link's encryption changes from wireguard to preshared",
  );
});
