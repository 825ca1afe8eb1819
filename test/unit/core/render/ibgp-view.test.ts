import { describe, expect, it } from 'vitest';
import { ibgpProblems } from '../../../../src/core/render/ibgp-view.js';
import { documented } from './routings.js';

describe('ibgpProblems', () => {
  it('names the peers that have no loopback of a family that this node has', () => {
    const [peer] = documented.ibgpPeers;
    if (!peer) throw new Error('the documented node has a peer');
    const node = { ...documented.node, loopbackIpv6: undefined };
    const onlyIpv6 = { ...peer, loopbackIpv4: undefined };
    expect(ibgpProblems({ ...documented, node, ibgpPeers: [peer, onlyIpv6] })).toEqual([
      'iBGP peer 2 (hk-rr): no BGP, because it and this node have no loopback addresses of the same family',
    ]);
    expect(ibgpProblems(documented)).toEqual([]);
  });
});
