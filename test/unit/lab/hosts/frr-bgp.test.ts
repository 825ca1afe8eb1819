import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseFrrNeighbors, parseFrrPrefixes, parseFrrRoute } from '../../../../src/lab/hosts/frr-bgp.js';

describe.each(['8.4.4', '10.3'])('what FRR %s says in JSON', (version) => {
  const answer = (name: string) =>
    readFileSync(new URL(`../../../fixtures/frr/${version}/${name}.json`, import.meta.url), 'utf8');

  it('has each session with its state and its routes', () => {
    const sessions = parseFrrNeighbors(answer('neighbors'));
    expect(
      sessions.map(({ neighborAddress, neighborAsn, state, imported, exported }) => [
        neighborAddress,
        neighborAsn,
        state,
        imported,
        exported,
      ]),
    ).toEqual([
      ['172.20.1.1', 65001, 'Established', 1, 2],
      ['fd42:1::1', 65001, 'Established', 1, 2],
    ]);
  });

  it('has every prefix', () => {
    expect(parseFrrPrefixes(answer('routes'))).toEqual(['172.20.2.0/26', '172.22.188.0/26']);
  });

  it('has a route with its path and its communities, as BIRD writes them', () => {
    expect(parseFrrRoute(answer('route'))).toEqual([
      {
        prefix: '172.22.188.0/26',
        protocol: '172.20.1.1',
        best: true,
        asPath: [65001],
        communities: ['64511,50', '65535,0', '1,2,3'],
        originatorId: undefined,
      },
    ]);
  });

  it('has nothing of a prefix that is gone meanwhile', () => {
    expect(parseFrrRoute('{}')).toEqual([]);
    expect(parseFrrPrefixes('{}')).toEqual([]);
  });
});
