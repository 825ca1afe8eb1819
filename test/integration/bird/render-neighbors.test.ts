import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/adapters/templates/load-templates.js';
import type { RoutedSession } from '../../../src/core/desired/routing.js';
import { asn } from '../../../src/core/model/asn.js';
import type { PolicyName } from '../../../src/core/model/session.js';
import { renderBird } from '../../../src/core/render/bird.js';
import type { Namespace } from '../../../src/lab/namespace.js';
import { documented } from '../../unit/core/render/routings.js';
import { makeSession, v6 } from '../../unit/make.js';
import { join, Routers } from './routers.js';
import type { RunningBird } from './running-bird.js';

const policies: readonly PolicyName[] = ['full', 'peer', 'upstream', 'downstream'];
const foreignAs = 4242429999;

// The policy table: from whom only what they originate is accepted, and to whom everything valid is sent.
const limited: readonly PolicyName[] = ['peer', 'upstream'];
const hearsAll: readonly PolicyName[] = ['full', 'upstream'];

/** A neighbor that announces what it originates, what it learned, and what nobody may announce. */
function neighbor(policy: PolicyName) {
  const number = policies.indexOf(policy) + 1;
  return {
    number,
    as: 4242420000 + number,
    interface: `wg_${policy}`,
    protocol: `dn42_${4242420000 + number}`,
    originated: [`172.21.${number}.0/24`, `fd42:${number}::/48`],
    learned: [`172.21.10${number}.0/24`, `fd42:10${number}::/48`],
    invalid: ['8.8.8.0/24', '2001:db8::/32'],
    ours: ['172.22.188.0/27', 'fd00:4242:7777::/56'],
  };
}

type Neighbor = ReturnType<typeof neighbor>;

/** Written by hand, as another operator would: no code of ours knows of it. */
function neighborsFile({ number, as, originated, learned, invalid, ours }: Neighbor): string {
  const routes = [...originated, ...learned, ...invalid, ...ours];
  const statics = (family: string, mine: readonly string[]) =>
    `protocol static { ${family}; ${mine.map((route) => `route ${route} unreachable;`).join(' ')} }`;
  const channel = 'import all; export filter announce;';
  const routes4 = routes.filter((route) => !route.includes(':'));
  const routes6 = routes.filter((route) => route.includes(':'));
  return `
    router id 192.0.2.${number};
    protocol device { }
    ${statics('ipv4', routes4)}
    ${statics('ipv6', routes6)}
    filter announce {
      if net ~ [ 172.21.100.0/22{24,24} ] || net ~ [ fd42:100::/29{48,48} ] then bgp_path.prepend(${foreignAs});
      bgp_large_community.add((4242420998, 9001, 2));
      accept;
    }
    protocol bgp node {
      local as ${as};
      neighbor fe80::998%'to_node' as 4242420998;
      connect delay time 1;
      ipv4 { extended next hop; ${channel} };
      ipv6 { ${channel} };
    }
  `;
}

function sessionWith(policy: PolicyName): RoutedSession {
  const { as, interface: name, number, protocol } = neighbor(policy);
  const ipv6LinkLocal = v6(`fe80::${number}`);
  return {
    protocol,
    latencyTier: undefined,
    session: makeSession({ uuid: policy, asn: asn.parse(as), interface: name, policy, ipv6LinkLocal }),
  };
}

const routers = new Routers();
const neighbors = {} as Record<PolicyName, RunningBird>;
let node: { readonly host: Namespace; readonly bird: RunningBird };

beforeAll(async () => {
  const host = await routers.open('node', ['172.22.188.1/32', 'fd00:4242:7777:101:1::1/128']);
  for (const policy of policies) {
    const outside = await routers.open(policy);
    const { interface: name, number } = neighbor(policy);
    const theirEnd = { host: outside, interface: 'to_node', address: `fe80::${number}` };
    await join({ host, interface: name, address: 'fe80::998' }, theirEnd);
    neighbors[policy] = await routers.start(outside, { 'bird.conf': neighborsFile(neighbor(policy)) });
  }
  const routing = { ...documented, sessions: policies.map(sessionWith), ibgpPeers: [], meshInterfaces: [] };
  const files = renderBird(routing, await loadTemplates()).map(({ path, content }) => [path, content]);
  node = { host, bird: await routers.start(host, Object.fromEntries(files)) };
});

afterAll(() => routers.close());

const own = ['172.22.188.0/26', 'fd00:4242:7777::/48'];
const accepted = (policy: PolicyName) => {
  const { originated, learned } = neighbor(policy);
  return limited.includes(policy) ? originated : [...originated, ...learned];
};

// A session comes up within some 6 s (BIRD's connect delay), and routes follow.
const soon = { timeout: 30_000, interval: 200 };

describe('a real BIRD with the rendered configuration', () => {
  it.each(policies)('comes up with a neighbor that has policy %s', async (policy) => {
    const state = () => node.bird.ask(`show protocols ${neighbor(policy).protocol}`);
    await expect.poll(state, soon).toContain('Established');
  });

  it.each(policies)('accepts from a neighbor with policy %s what it may announce', async (policy) => {
    const networks = () => node.bird.networks(`show route protocol ${neighbor(policy).protocol}`);
    await expect.poll(networks, soon).toEqual(accepted(policy).sort());
  });

  it.each(policies)('sends a neighbor with policy %s what it may have', async (policy) => {
    const sources = hearsAll.includes(policy) ? policies : (['upstream'] as const);
    const wanted = sources.filter((source) => source !== policy).flatMap(accepted);
    const networks = () => neighbors[policy].networks('show route protocol node');
    await expect.poll(networks, soon).toEqual([...own, ...wanted].sort());
  });

  it('keeps refused routes and says why', async () => {
    const why = async (network: string) => {
      const answer = await node.bird.ask(`show route ${network} filtered protocol dn42_4242420002 all`);
      return /\(4242420998, 9002, (\d)\)/.exec(answer)?.[1];
    };
    const { learned, invalid, ours } = neighbor('peer');
    for (const network of invalid) await expect.poll(() => why(network), soon).toBe('1');
    for (const network of ours) await expect.poll(() => why(network), soon).toBe('2');
    for (const network of learned) await expect.poll(() => why(network), soon).toBe('5');
  });

  it('takes communities of ours from nobody', async () => {
    const answer = await node.bird.ask('show route 172.21.1.0/24 all');
    expect(answer).toContain('(4242420998, 9001, 0)');
    expect(answer).not.toContain('(4242420998, 9001, 2)');
  });

  it('gives the kernel IPv4 routes over IPv6 next hops, with our own source address', async () => {
    const { stdout } = await node.host.run('ip', ['route', 'show', '172.21.1.0/24']);
    expect(stdout).toContain('via inet6 fe80::1 dev wg_full proto bird src 172.22.188.1');
    const { stdout: ipv6 } = await node.host.run('ip', ['-6', 'route', 'show', 'fd42:1::/48']);
    expect(ipv6).toContain('via fe80::1 dev wg_full proto bird src fd00:4242:7777:101:1::1');
  });

  it('ends in the kernel what goes to addresses of ours that nobody has', async () => {
    const { stdout } = await node.host.run('ip', ['route', 'show', 'type', 'unreachable']);
    expect(stdout).toContain('172.22.188.0/26');
  });
});
