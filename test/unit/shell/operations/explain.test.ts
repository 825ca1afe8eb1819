import { beforeEach, describe, expect, it } from 'vitest';
import type { Explanation } from '../../../../src/core/explain/explanation.js';
import { asn } from '../../../../src/core/model/values/asn.js';
import { Secret } from '../../../../src/core/model/values/secret.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry, v4 } from '../../make.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;

beforeEach(async () => {
  node = makeFakeNode();
  node.controlPlane.sessions = [makeEntry({ presharedKey: new Secret('hidden-psk') })];
  agent = await node.startAgent();
});

async function round(): Promise<void> {
  await agent.refresh(['birdConfig', 'mesh', 'sessions'], signal);
  await agent.pass();
}

async function explain(word: string): Promise<Explanation> {
  const { explanation } = await agent.explain(word, signal);
  if (!explanation) throw new Error(`nothing is called ${word}`);
  return explanation;
}

const shown = (facts: Explanation['desired'], what: string) =>
  facts.find((fact) => fact.what === what)?.value;

it.each(['abc-123', 'wg_24001', '4242421080', 'AS4242421080', 'as4242421080', 'dn42_4242421080'])(
  'a session is found as %s',
  async (word) => {
    await round();
    expect((await explain(word)).title).toBe('AS4242421080 over wg_24001 (session abc-123)');
  },
);

it('a session is explained, without its secrets', async () => {
  await round();
  const explanation = await explain('wg_24001');
  expect(explanation).toMatchObject({ kind: 'session', state: 'ok', differences: [] });
  expect(shown(explanation.controlPlane, 'preshared key')).toBe('set');
  expect(shown(explanation.desired, 'tunnel')).toBe(
    'wg_24001, WireGuard, MTU 1420, listens on UDP port 24001',
  );
  expect(explanation.desired).toContainEqual({ what: 'hold time', value: '90 s', why: 'default' });
  expect(explanation.protocols).toMatchObject([{ name: 'dn42_4242421080', state: 'Established' }]);
  expect(explanation.changes).toContainEqual(
    expect.objectContaining({ change: expect.stringContaining('wg_24001') }),
  );
  expect(explanation.changes.every(({ failed }) => failed === undefined)).toBe(true);
  expect(JSON.stringify(explanation)).not.toContain('hidden-psk');
});

it('what has changed since the pass is seen, with what comes next', async () => {
  await round();
  node.host.linkTable.delete('wg_24001');
  node.host.wireguardTable.delete('wg_24001');
  const { differences, next, observed } = await explain('wg_24001');
  expect(shown(observed, 'interface')).toBe('wg_24001 is not there');
  expect(differences[0]?.change).toContain('wg_24001');
  expect(next[0]).toMatch(
    /^the next pass, in about \d+ min, makes what differs as desired; to do it now: moenet-agent resync$/,
  );
});

it('a change that failed never looks like one that is done, and its pause is told', async () => {
  node.host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
  await round();
  const { changes, next, state, differences } = await explain('wg_24001');
  expect(state).toBe('error');
  expect(changes.find(({ change }) => change.startsWith('create'))?.failed).toContain('no /dev/net/tun');
  expect(next).toContainEqual(expect.stringMatching(/has tried once and tries again in 60 s/));
  expect(differences[0]?.waits).toContain('no /dev/net/tun');
});

it('each option says where it comes from', async () => {
  node.controlPlane.sessions = [makeEntry({ options: { prepend: 2, importLimit: 100 } })];
  await round();
  const { desired } = await explain('wg_24001');
  const data = "the session's data at the control plane";
  expect(desired).toContainEqual({ what: 'prepend', value: '2', why: data });
  expect(desired).toContainEqual({ what: 'import limit', value: '100', why: data });
  expect(desired).toContainEqual({ what: 'policy', value: 'full', why: 'the row' });
});

it('the last error, the advice and the refused routes are those of now', async () => {
  await round();
  const protocol = node.host.protocols.get('dn42_4242421080');
  if (!protocol?.bgp) throw new Error('no protocol');
  const lastError = 'Received: Administrative shutdown';
  protocol.bgp = { ...protocol.bgp, state: 'Idle', lastError };
  protocol.channels = [
    { name: 'ipv4', state: 'UP', routes: { imported: 0, filtered: 2, exported: 0, preferred: 0 } },
  ];
  const [peer] = node.host.wireguardTable.get('wg_24001')?.peers ?? [];
  Object.assign(peer ?? {}, { latestHandshakeSeconds: node.host.nowMs / 1000 - 10 });
  node.host.bird.tables.refused = async () => [{ reason: 8, count: 2, examples: ['172.20.1.0/24'] }];
  const { protocols, advice, refusedRoutes, summary } = await explain('wg_24001');
  expect(summary).toContain('BGP is not established: Idle');
  expect(protocols[0]).toMatchObject({ lastError, lastErrorWords: 'the neighbor has shut the session down' });
  expect(refusedRoutes).toMatchObject([{ reason: 8, count: 2, words: expect.stringContaining('ROAs') }]);
  expect(advice.map(({ symptom }) => symptom)).toEqual([
    `the neighbor refuses the session: ${lastError}`,
    expect.stringContaining('2 routes are refused'),
  ]);
});

it('works while WireGuard cannot be read, and says how old what it shows is', async () => {
  await round();
  node.host.nowMs += 300_000;
  node.host.wireguard.observe = () => Promise.reject(new Error('wg: killed'));
  expect((await explain('wg_24001')).notes).toEqual([
    'the system cannot be read now (wg: killed); what is observed is 5 min old',
  ]);
});

it('a refused row says why, and what runs', async () => {
  node.controlPlane.sessions = [
    {
      kind: 'refused',
      uuid: undefined,
      status: 'active',
      asn: asn.parse(4242421081),
      interface: 'wg_9',
      reason: 'mtu: 40 is not an MTU',
    },
  ];
  await round();
  const explanation = await explain('wg_9');
  expect(explanation).toMatchObject({ state: 'refused', summary: 'mtu: 40 is not an MTU' });
  expect(shown(explanation.controlPlane, 'refused')).toBe('mtu: 40 is not an MTU');
});

describe('a word', () => {
  it('that means several lists them', async () => {
    node.controlPlane.sessions = [
      makeEntry(),
      makeEntry({ uuid: 'def-456', interface: 'wg_24002', listenPort: 24002 }),
    ];
    await round();
    const { explanation, matches } = await agent.explain('4242421080', signal);
    expect(explanation).toBeUndefined();
    expect(matches.map(({ name }) => name)).toEqual(['abc-123', 'def-456']);
  });

  it('that means nothing gets what there is', async () => {
    await round();
    expect(await agent.explain('wg_24002', signal)).toEqual({
      matches: [],
      names: ['abc-123', 'wg_24001', 'dn42_4242421080'],
    });
  });
});

describe('a prefix', () => {
  it('is asked of BIRD for the protocols that carry its family', async () => {
    node.controlPlane.sessions = [
      makeEntry({ mpBgp: false, ipv4: v4('172.20.1.2'), extendedNextHop: false }),
    ];
    await round();
    const asked: (readonly string[])[] = [];
    node.host.bird.tables.explain = async (_, protocols) => {
      asked.push(protocols);
      return { accepted: [], refused: [], exports: new Map(), roas: undefined };
    };
    expect((await agent.explainRoute('172.20.0.53', signal)).summary).toContain('no route to 172.20.0.53');
    await agent.explainRoute('fd42::/48', signal);
    expect(asked[0]).toContain('dn42_4242421080_v4');
    expect(asked[0]).not.toContain('dn42_4242421080_v6');
    expect(asked[1]).toContain('dn42_4242421080_v6');
  });

  it('is neither a name nor anything else', async () => {
    await round();
    await expect(agent.explainRoute('example.net', signal)).rejects.toThrow(
      'neither an address nor a prefix',
    );
  });
});
