import { expect, it } from 'vitest';
import { identifyNode } from '../../../../../src/core/desired/node.js';
import { routingRules } from '../../../../../src/core/desired/rules/routing-rules.js';
import type { Snapshot } from '../../../../../src/core/model/control-plane.js';
import { formatRule } from '../../../../../src/core/model/routing-rule.js';
import { parsePrefix } from '../../../../../src/core/model/values/ip.js';
import { bootstrap, v4, v6 } from '../../../make.js';

const loopbackIpv4 = v4('172.22.188.1');
const node = identifyNode('jp1', { ...bootstrap, node: { ...bootstrap.node, loopbackIpv4 } }, undefined);
const snapshot = {
  mesh: { peers: [{ loopbackIpv4: v4('172.22.188.2'), loopbackIpv6: undefined }] },
  birdConfig: {
    ibgpPeers: [
      { loopbackIpv4: v4('172.22.188.2'), loopbackIpv6: v6('fd00:4242:7777:101:2::1') },
      { loopbackIpv4, loopbackIpv6: undefined },
    ],
  },
} as unknown as Snapshot;
const ownBlocks = [parsePrefix('172.22.188.0/26') ?? expect.fail()];
const rulesTo = (kernelTable: number | undefined) =>
  routingRules({ kernelTable, tunnels: [], node, snapshot, ownBlocks })
    .filter(({ to }) => to !== undefined)
    .map((rule) => `${rule.family} ${formatRule(rule)}`);

it('what goes to our other nodes takes the routes of DN42, what goes to our own blocks first those of the machine', () => {
  expect(rulesTo(42)).toEqual([
    'ipv4 to 172.22.188.0/26 lookup 254 suppress_prefixlength 25 priority 30156',
    'ipv4 to 172.22.188.2/32 lookup 42 priority 30157',
    'ipv6 to fd00:4242:7777:101:2::1/128 lookup 42 priority 30157',
  ]);
  expect(rulesTo(undefined)).toEqual([]);
});
