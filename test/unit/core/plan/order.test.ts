import { expect, it } from 'vitest';
import type { Desired } from '../../../../src/core/desired/desired.js';
import type { Change } from '../../../../src/core/model/change.js';
import { OwnerMap } from '../../../../src/core/model/owner.js';
import { interfaceName } from '../../../../src/core/model/values/interface-name.js';
import { nftSet } from '../../../../src/core/model/values/port-set.js';
import { groupsOf, inOrder, stepsOf } from '../../../../src/core/plan/order.js';
import { type Memory, makePlan } from '../../../../src/core/plan/plan.js';
import { makeObserved } from '../../make.js';

const part = { owner: { kind: 'node' }, why: '' } as const;
const name = interfaceName.parse('wg_24001');
const link = { interface: name };

const shuffled: readonly Change[] = [
  { ...part, kind: 'remove-tunnel', interface: 'wg_last', first: false },
  { ...part, kind: 'disable-protocol', protocol: 'dn42_4242420002' },
  { ...part, kind: 'set-loopback', link, isPrevious: true },
  { ...part, kind: 'set-ports', set: nftSet.parse('inet filter p'), add: [24001], remove: [] },
  { ...part, kind: 'enable-protocol', protocol: 'dn42_4242420001' },
  { ...part, kind: 'remove-rules', rules: [] },
  { ...part, kind: 'reload-bird', missing: [] },
  { ...part, kind: 'add-rules', rules: [] },
  { ...part, kind: 'remove-file', path: 'peers/dn42_4242420003.conf' },
  { ...part, kind: 'set-link', link },
  { ...part, kind: 'create-tunnel', interface: name, replace: false },
  { ...part, kind: 'free-port', interface: name, port: 24001 },
  { ...part, kind: 'remove-tunnel', interface: 'wg_first', first: true },
  { ...part, kind: 'set-loopback', link },
  { ...part, kind: 'create-key-pair' },
];

it('the network comes before BIRD, and what BIRD must let go of first comes last', () => {
  const words = (changes: readonly Change[]) =>
    changes.map((change) =>
      change.kind === 'remove-tunnel' ? `${change.kind} ${change.interface}` : change.kind,
    );
  expect(groupsOf(inOrder(shuffled)).map(({ group, changes }) => [group, words(changes)])).toEqual([
    ['keys', ['create-key-pair']],
    ['firewall', ['set-ports']],
    ['network', ['set-loopback', 'remove-tunnel wg_first', 'free-port', 'create-tunnel', 'set-link']],
    [
      'bird',
      ['add-rules', 'remove-file', 'reload-bird', 'enable-protocol', 'disable-protocol', 'remove-rules'],
    ],
    ['departures', ['set-loopback', 'remove-tunnel wg_last']],
  ]);
});

it('a plan shows its changes in the order in which the groups are made', () => {
  const sorted = inOrder(shuffled);
  expect(groupsOf(shuffled.toReversed()).flatMap(({ changes }) => inOrder(changes))).toEqual(
    sorted.map((change) => expect.objectContaining({ kind: change.kind })),
  );
});

it('WireGuard is set before the link comes up where the kernel serves it, else after', () => {
  const steps = stepsOf('network');
  expect(steps.indexOf('sync-kernel-wireguard')).toBeLessThan(steps.indexOf('set-link'));
  expect(steps.indexOf('sync-wireguard')).toBeGreaterThan(steps.indexOf('set-link'));
});

it('what a previous agent left goes last: BIRD may still use it', () => {
  const desired = {
    publicKey: 'known',
    loopback: { interface: 'dummy0', addresses: [] },
    tunnels: [],
    protocols: [],
    nodeProtocols: [],
    dangers: new OwnerMap(),
    previousAgent: { orphans: ['wg_old'], adopted: new Map() },
    isUnknown: () => false,
  } as unknown as Desired;
  const memory = {
    creating: [],
    backoffs: new OwnerMap(),
    cutOffs: new OwnerMap(),
    rejected: {},
    latencies: {},
  };
  const { changes } = makePlan(desired, makeObserved(), memory as unknown as Memory);
  expect(groupsOf(changes).filter((each) => each.changes.length > 0)).toMatchObject([
    { group: 'departures', changes: [{ kind: 'remove-tunnel', interface: 'wg_old' }] },
  ]);
});
