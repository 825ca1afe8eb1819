import { describe, expect, it } from 'vitest';
import { ibgpPeersOf, mostNodes } from '../../../../src/lab/scenario/node-spec.js';
import { ownPrefixes } from '../../../../src/lab/scenario/numbers.js';
import { mostPeers } from '../../../../src/lab/scenario/peer-spec.js';
import { acceptedPrefixes, expectedAt } from '../../../../src/lab/scenario/policy-table.js';
import { roasOf } from '../../../../src/lab/scenario/roas.js';
import { makeScenario } from '../../../../src/lab/scenario/scenario.js';

const everyone = (scenario: ReturnType<typeof makeScenario>) => [
  ...scenario.peers,
  scenario.newcomer,
  ...scenario.idle.map(({ peer }) => peer),
  scenario.misfit,
  scenario.companion,
  scenario.impostor,
];

describe('makeScenario', () => {
  it.each([
    [1, 1],
    [2, 3],
    [mostNodes, mostPeers],
  ])('gives %i nodes and %i peers names and addresses of their own', (nodes, peers) => {
    const scenario = makeScenario(nodes, peers);
    const unique = (values: readonly unknown[]) => expect(new Set(values).size).toBe(values.length);
    const all = everyone(scenario);
    unique(all.map(({ asn }) => asn));
    unique([...scenario.nodes, ...all].map(({ address }) => address));
    unique(all.map(({ announces }) => announces[0]?.prefixes.join()));
    unique(all.map(({ session }) => session.uuid));
    unique(all.map(({ session }) => session.interface));
    unique(all.map(({ session }) => session.port));
  });

  it('stays below the addresses that moved peers get', () => {
    const last = everyone(makeScenario(1, mostPeers)).map(({ address }) => Number(address.split('.').at(-1)));
    expect(Math.max(...last)).toBeLessThanOrEqual(150);
  });

  it('has every kind of session, a preshared key, a host name and one that dials in, with three peers', () => {
    const { peers } = makeScenario(2, 3);
    expect(new Set(peers.map(({ kind }) => kind)).size).toBe(3);
    expect(peers.filter(({ hasPresharedKey }) => hasPresharedKey)).toHaveLength(1);
    expect(peers.filter(({ hostName }) => hostName !== undefined)).toHaveLength(1);
    expect(peers.filter(({ dialsIn }) => dialsIn)).toHaveLength(1);
    expect(peers.filter(({ writer }) => writer === 'web')).toHaveLength(1);
  });
});

describe('the usual scenario', () => {
  const { nodes, peers, newcomer } = makeScenario();

  it('has three nodes in different places, of which one reflects routes between the others', () => {
    expect(new Set(nodes.map(({ region }) => region.continentLc)).size).toBe(3);
    expect(nodes.map((node) => ibgpPeersOf(nodes, node).map(({ name }) => name))).toEqual([
      ['de1'],
      ['jp1', 'us1'],
      ['de1'],
    ]);
  });

  it('has peers of all policies and kinds, and something of each sort to refuse', () => {
    expect(new Set(peers.map(({ policy }) => policy)).size).toBe(4);
    expect(new Set(peers.map(({ kind }) => kind)).size).toBe(3);
    const refusals = peers.flatMap(({ announces }) => announces.flatMap(({ refused }) => refused ?? []));
    expect(new Set(refusals)).toEqual(
      new Set(['not of DN42', 'our own prefix', 'not originated by the neighbor', 'RPKI-invalid']),
    );
  });

  it('has ROAs by which all is valid that must be accepted, and the hijack alone is not', () => {
    const roas = new Map(roasOf(makeScenario()).map((roa) => [roa.prefix, roa]));
    for (const { prefixes, origin, refused, what } of [...peers, newcomer].flatMap(
      (peer) => peer.announces,
    )) {
      for (const prefix of prefixes) {
        const isValid = roas.get(prefix)?.asn === origin;
        if (refused === undefined) expect(isValid, `${what} ${prefix}`).toBe(true);
        if (refused === 'RPKI-invalid') expect(roas.get(prefix)?.asn).not.toBe(origin);
      }
    }
    expect(roas.size).toBe(roasOf(makeScenario()).length);
  });

  it('expects no peer and no provider to hear of another one', () => {
    const scenario = makeScenario();
    const customer = peers.find(({ policy }) => policy === 'upstream');
    if (!customer) throw new Error('there is no customer');
    for (const peer of peers.filter(({ policy }) => policy === 'peer' || policy === 'downstream')) {
      expect(expectedAt(scenario, peer)).toEqual([...ownPrefixes, ...acceptedPrefixes(customer)].sort());
    }
  });

  it('expects a customer to be sent all that is accepted of others', () => {
    const [customer] = peers.filter(({ policy }) => policy === 'upstream');
    if (!customer) throw new Error('there is no customer');
    const others = peers.filter(({ asn }) => asn !== customer.asn).flatMap(acceptedPrefixes);
    expect(expectedAt(makeScenario(), customer)).toEqual([...new Set([...ownPrefixes, ...others])].sort());
  });
});
