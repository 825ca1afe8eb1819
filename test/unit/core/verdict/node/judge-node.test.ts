import { describe, expect, it } from 'vitest';
import { nodeProtocols } from '../../../../../src/core/desired/node-protocols.js';
import type { BirdChannel, ObservedBird } from '../../../../../src/core/model/observed.js';
import { describeIbgp } from '../../../../../src/core/verdict/node/ibgp-peers.js';
import { judgeNode, lastingFaults } from '../../../../../src/core/verdict/node/node-verdict.js';
import { allUp, bird, but, channel, own, protocol, session, wishes } from './node-in-order.js';

const down = { state: 'down', info: '', disabled: true } as const;

function words(observed: ObservedBird, wanted = wishes()): string[] {
  return judgeNode(wanted, { bird: observed }).faults.map((fault) => fault.words);
}

it('a node with all of its protocols up has no fault', () => {
  expect(words(bird(...allUp))).toEqual([]);
  expect(judgeNode(wishes(), { bird: bird(...allUp) }).kernel).toEqual([
    { family: 'ipv4', protocols: ['moenet_kernel_v4'], isUp: true, exported: 5 },
    { family: 'ipv6', protocols: ['moenet_kernel_v6'], isUp: true, exported: 7 },
  ]);
});

it('no protocol is reported while BIRD does not answer', () => {
  expect(words({ running: false, reason: 'BIRD does not answer' })).toEqual([]);
});

describe('a protocol of the node’s own', () => {
  it.each([
    [
      'disabled',
      { moenet_kernel_v4: down },
      "BIRD's kernel protocol moenet_kernel_v4 is disabled; without it no IPv4 route of BIRD's reaches the kernel; the agent tries to start it at every pass",
    ],
    [
      'down for a reason that BIRD tells',
      { moenet_own_v4: { ...down, info: 'Error: no table' } },
      "BIRD's static protocol moenet_own_v4 is disabled (Error: no table); without it the node's fixed routes, such as its own blocks, are missing; the agent tries to start it at every pass",
    ],
    [
      'missing',
      { moenet_own_v4: undefined },
      "BIRD's static protocol moenet_own_v4 does not run; without it the node's fixed routes, such as its own blocks, are missing; the agent tries to start it at every pass",
    ],
    [
      'stuck',
      { moenet_own_v4: { state: 'start' } },
      'BIRD\'s static protocol moenet_own_v4 is not up: its state is "start"; without it the node\'s fixed routes, such as its own blocks, are missing; the agent tries to start it at every pass',
    ],
    [
      'an iBGP session that is disabled',
      { ibgp_2: down },
      "BIRD's bgp protocol ibgp_2 is disabled; without it this node exchanges no routes with node 2; the agent tries to start it at every pass",
    ],
  ])('is named when it is %s', (_, changes, sentence) => {
    expect(words(but(changes))).toEqual([sentence]);
  });

  it.each([
    ['an iBGP session', 'ibgp_2', 'without it this node exchanges no routes with node 2'],
    ['an RPKI cache', 'moenet_rpki_one', 'without it no ROAs come from this cache'],
  ])('is named when %s is missing in BIRD', (_, name, lack) => {
    const type = name.startsWith('ibgp') ? 'bgp' : 'rpki';
    expect(words(but({ [name]: undefined }))).toEqual([
      `BIRD's ${type} protocol ${name} does not run; ${lack}; the agent tries to start it at every pass`,
    ]);
  });

  it('is named when the channel of its kernel protocol is down', () => {
    const channels = [{ name: 'ipv4', state: 'DOWN', routes: undefined }];
    expect(words(but({ moenet_kernel_v4: { channels } }))).toEqual([
      "the IPv4 channel of BIRD's kernel protocol moenet_kernel_v4 is not up, so no IPv4 route reaches the kernel. See: birdc show protocols all moenet_kernel_v4",
    ]);
  });

  it('is no lasting fault if the plan repairs it', () => {
    const health = judgeNode(wishes(), { bird: but({ moenet_kernel_v4: down, moenet_own_v4: down }) });
    const enable = {
      kind: 'enable-protocol',
      owner: { kind: 'node' },
      protocol: 'moenet_kernel_v4',
      why: '',
    } as const;
    const reload = { kind: 'reload-bird', owner: { kind: 'node' }, missing: [], why: '' } as const;
    const left = (...changes: readonly (typeof enable | typeof reload)[]) =>
      lastingFaults(health, { changes, putOff: [] }).map((fault) => fault.protocol);
    expect(left()).toEqual(['moenet_kernel_v4', 'moenet_own_v4']);
    expect(left(enable)).toEqual(['moenet_own_v4']);
    expect(left(reload)).toEqual([]);
  });
});

describe('the device protocol', () => {
  it('is the reason why no session comes up while it is disabled', () => {
    const { faults, noSessions } = judgeNode(wishes(), { bird: but({ device1: down }) });
    expect(faults).toEqual([noSessions]);
    expect(noSessions?.words).toBe(
      "BIRD's device protocol device1 is disabled on this node; no session can come up. The agent tries to start it at every pass",
    );
  });

  it.each([
    [{ ...down, info: 'Error: x' }, 'is disabled (Error: x)'],
    [undefined, 'does not run'],
  ])('of the agent is named with what BIRD says of it', (change, what) => {
    expect(judgeNode(wishes(), { bird: but({ device1: change }) }).noSessions).toEqual({
      subject: 'BIRD protocol device1',
      words: `BIRD's device protocol device1 ${what} on this node; no session can come up. The agent tries to start it at every pass`,
      protocol: 'device1',
    });
  });

  const operators = wishes(own.filter(({ type }) => type !== 'device' && type !== 'kernel'));

  it('of an operator is named with what to type, and never the plan’s to mend', () => {
    const { noSessions } = judgeNode(operators, { bird: but({ device1: down }) });
    expect(noSessions).toEqual({
      subject: 'BIRD protocol device1',
      words:
        "BIRD's device protocol device1 is disabled on this node; no session can come up. Run: birdc enable device1",
    });
  });

  it('that an operator has not written is named with the line that is missing', () => {
    expect(judgeNode(operators, { bird: but({ device1: undefined }) }).noSessions?.words).toBe(
      'BIRD has no device protocol; without one it sees no interface, and no session can come up. Add this line to bird.conf: protocol device { }',
    );
  });
});

describe('the kernel protocol of an operator', () => {
  const operators = wishes(own.filter(({ type }) => type !== 'kernel'));

  it.each([
    [
      'disabled',
      { moenet_kernel_v4: down },
      "BIRD's kernel protocol moenet_kernel_v4 is disabled, so no IPv4 route reaches the kernel. Run: birdc enable moenet_kernel_v4",
    ],
    [
      'missing',
      { moenet_kernel_v6: undefined },
      'BIRD has no kernel protocol for IPv6, so no IPv6 route reaches the kernel. Add this line to bird.conf: protocol kernel { ipv6 { import none; export filter moenet_kernel; }; }',
    ],
    [
      'there and lets no route through',
      { moenet_kernel_v4: { channels: [channel('ipv4', 0)] } },
      "BIRD's kernel protocol moenet_kernel_v4 exports no IPv4 route, although neighbors have sent some. Look at its export filter in bird.conf; moenet_kernel is the agent's",
    ],
  ])('is named when it is %s', (_, changes, sentence) => {
    expect(words(but(changes), operators)).toEqual([sentence]);
  });

  it('is healthy without a route while there is none to export', () => {
    const idle = { channels: [channel('ipv4', 0), channel('ipv6', 7, 2)] };
    expect(
      words(but({ moenet_kernel_v4: { channels: [channel('ipv4', 0)] }, [session.name]: idle }), operators),
    ).toEqual([]);
  });

  it('matters only for the families of the node’s BGP, and not for those of an operator’s', () => {
    const ipv4Only = { channels: [channel('ipv4', 3, 5)] };
    const others = protocol('by_hand', 'bgp', [channel('ipv6', 1, 1)]);
    const observed = but({ moenet_kernel_v6: undefined, [session.name]: ipv4Only });
    expect(words(bird(...(observed.running ? observed.protocols : []), others), operators)).toEqual([]);
    expect(words(but({ moenet_kernel_v6: undefined, [session.name]: ipv4Only }), operators)).toEqual([]);
  });
});

describe('RPKI', () => {
  const silent = { state: 'start', info: 'Transport-Error' };

  it('is well while one of the caches answers', () => {
    const { faults, caches } = judgeNode(wishes(), {
      bird: but({
        moenet_rpki_one: silent,
        moenet_rpki_two: {
          channels: [
            channel('roa4', 0),
            { ...channel('roa6', 0), routes: { imported: 4, filtered: 0, exported: 0, preferred: 4 } },
          ],
        },
      }),
    });
    expect(faults).toEqual([]);
    expect(caches).toEqual([
      { name: 'one', protocol: 'moenet_rpki_one', isUp: false, state: 'Transport-Error', roas: 0 },
      { name: 'two', protocol: 'moenet_rpki_two', isUp: true, state: 'Established', roas: 4 },
    ]);
  });

  it('is well while a cache synchronizes', () => {
    const syncing = { state: 'up', info: 'Sync-Running' };
    expect(words(but({ moenet_rpki_one: syncing, moenet_rpki_two: silent }))).toEqual([]);
  });

  it.each([
    [false, 0, 'BIRD has no ROAs, and checks the origin of no route'],
    [true, 0, 'BIRD has no ROAs, and refuses every route of a neighbor but the one to a cache'],
    [true, 9, 'BIRD checks origins with the ROAs that it already has, for two days at most'],
  ])('is named when no cache answers (unknown origins refused: %s, ROAs: %i)', (refuses, roas, effect) => {
    const roa: BirdChannel = {
      ...channel('roa4', 0),
      routes: { imported: roas, filtered: 0, exported: 0, preferred: roas },
    };
    const observed = but({ moenet_rpki_one: { ...silent, channels: [roa] }, moenet_rpki_two: silent });
    expect(words(observed, { ...wishes(), refusesUnknownOrigins: refuses })).toEqual([
      `no RPKI cache answers (one, two): ${effect}. BIRD asks again by itself; see: birdc show protocols`,
    ]);
  });

  it('is named with the time of the saved ROAs where BIRD uses these', () => {
    const saved = { atSeconds: 1_800_000_059, ipv4: ['172.20.0.0/24 max 28 as 1'], ipv6: [] };
    const observed = but({ moenet_rpki_one: silent, moenet_rpki_two: silent });
    expect(words(observed, { ...wishes(), roaFallback: { saved, isUsed: true } })).toEqual([
      expect.stringContaining('with the 1 ROAs that the agent saved at 2027-01-15 08:00 UTC. BIRD asks'),
    ]);
  });
});

it('iBGP that is not Established is reported with its node, and is no fault of this one', () => {
  const bgp = {
    state: 'Active',
    neighborAddress: undefined,
    neighborAs: undefined,
    lastError: 'Socket: No route to host',
  };
  const { ibgp, faults } = judgeNode(wishes(), { bird: but({ ibgp_2: { state: 'start', bgp } }) });
  expect(faults).toEqual([]);
  expect(ibgp.map(describeIbgp)).toEqual([
    'iBGP with node 2 is not established: Active (Socket: No route to host)',
  ]);
  expect(judgeNode(wishes(), { bird: bird(...allUp) }).ibgp.map(describeIbgp)).toEqual([undefined]);
});

it('a route collector is no iBGP peer', () => {
  const collector = nodeProtocols([
    { path: 'x.conf', owner: { kind: 'node' }, content: 'protocol bgp moenet_collector { ipv4; }' },
  ]);
  const { ibgp, faults } = judgeNode(wishes(collector), {
    bird: bird(protocol('device1', 'device'), { ...protocol('moenet_collector', 'bgp'), state: 'start' }),
  });
  expect([ibgp, faults]).toEqual([[], []]);
});
