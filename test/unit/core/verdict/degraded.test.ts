import { describe, expect, it } from 'vitest';
import type { DesiredSession } from '../../../../src/core/desired/sessions.js';
import type { BgpCapabilities } from '../../../../src/core/model/observed.js';
import { asn } from '../../../../src/core/model/values/asn.js';
import type { LimitHits } from '../../../../src/core/plan/limit-hits.js';
import { describeDegraded, describeNoGracefulRestart } from '../../../../src/core/verdict/degraded.js';
import { describeIbgp, ibgpPeers } from '../../../../src/core/verdict/node/ibgp-peers.js';
import { viewSession } from '../../../../src/core/verdict/session-view.js';
import { makeProtocol } from '../../../../src/lab/simulated/machine/fake-bird.js';
import { makeObserved, makeSession, v4 } from '../../make.js';

const all: BgpCapabilities = {
  families: ['ipv4', 'ipv6'],
  extendedNextHop: ['ipv4'],
  gracefulRestart: true,
};

function seen(neighbor: Partial<BgpCapabilities>, part: Parameters<typeof makeSession>[0] = {}, own = all) {
  const protocol = makeProtocol('dn42_a', 'bgp', ['ipv4', 'ipv6']);
  const bgp = protocol.bgp && {
    ...protocol.bgp,
    capabilities: { own, neighbor: { ...all, ...neighbor } },
  };
  const protocols = [{ ...protocol, bgp }];
  const bird = { running: true, version: '2.0.12', protocols } as const;
  const session = makeSession(part);
  const tunnel = { interface: session.interface, peer: {} };
  const item = { session, tunnel, protocol: 'dn42_a', preservedNames: ['dn42_a'] } as never as DesiredSession;
  return { item, view: viewSession(item, makeObserved({ bird })), protocols };
}

const degraded = (...args: Parameters<typeof seen>) => {
  const { item, view } = seen(...args);
  return describeDegraded(item, view, {});
};

it('a neighbor that offers everything that is configured has no fault', () => {
  expect(degraded({})).toBeUndefined();
});

it('a session whose neighbor offers no extended next hop is degraded if IPv4 has no other way', () => {
  const words =
    'no IPv4 route goes either way: the neighbor does not offer an extended next hop for IPv4 (RFC 8950) in the session dn42_a';
  expect(degraded({ extendedNextHop: [] })).toContain(words);
  expect(degraded({ extendedNextHop: [] }, { ipv4: v4('172.23.91.1') })).toBeUndefined();
  expect(degraded({ extendedNextHop: [] }, {}, { ...all, extendedNextHop: [] })).toBeUndefined();
});

it('a family that the neighbor does not offer is named, and its next hop is not named as well', () => {
  expect(degraded({ families: ['ipv6'], extendedNextHop: [] })).toBe(
    "no IPv4 route goes either way: the neighbor does not offer IPv4 in the session dn42_a. To mend it, the neighbor adds ipv4 to its session, or the session's row asks for IPv6 only",
  );
});

describe('a limit that blocked routes', () => {
  const limits = [{ channel: 'ipv6', kind: 'receive', max: 9000 }] as const;
  const hit = { limits, since: '12:00', attempts: 0, notBeforeSeconds: 1_800_000_000 };
  const say = (part: Partial<LimitHits[string]> = {}) => {
    const { item, view } = seen({});
    return describeDegraded(item, view, { dn42_a: { ...hit, ...part } });
  };

  it('is named with what the agent does and what the reader can do', () => {
    expect(say()).toBe(
      "BIRD blocked routes of the neighbor in the session dn42_a: they are more than the receive limit of 9000 IPv6 routes, and BIRD does not take the blocked ones by itself when there are fewer. The agent restarts the session when there are fewer. To mend it, ask the neighbor why it announces so many, or raise the limit: importLimit in the session's row, or the network's policy",
    );
    expect(say({ limits: [] })).toBeUndefined();
  });

  it('is named with the time of the restart, once there is room', () => {
    expect(say({ roomSinceSeconds: 1_800_000_060, attempts: 2 })).toMatch(
      /There are fewer now: the agent restarts the session after 08:03 UTC \(it did so 2 times before\)$/,
    );
  });

  it('of our own routes resets nothing', () => {
    const own = [{ channel: 'ipv4', kind: 'export', max: 10 }] as const;
    expect(say({ limits: own })).toMatch(
      /^BIRD blocked our own routes .* The agent lets BIRD send all routes again when there are fewer/,
    );
  });
});

it('a session that is down causes no message', () => {
  const { item, view } = seen({ families: [] });
  expect(describeDegraded(item, { ...view, established: false }, {})).toBeUndefined();
});

it('a neighbor without graceful restart is named, but it is not a fault', () => {
  const { item, view } = seen({ gracefulRestart: false });
  expect(describeDegraded(item, view, {})).toBeUndefined();
  expect(describeNoGracefulRestart([[item, view]])).toMatch(/^AS4242421080 does not offer graceful restart/);
  const other = seen({});
  expect(describeNoGracefulRestart([[other.item, other.view]])).toBeUndefined();
  const second = seen({ gracefulRestart: false }, { asn: asn.parse(4242420001) });
  const several = [item, second.item, item].map((each) => [each, view] as const);
  expect(describeNoGracefulRestart(several)).toMatch(/^AS4242420001, AS4242421080 do not offer/);
});

it('another node of ours that does not offer a family is a problem of the node', () => {
  const owner = { kind: 'mesh', nodeId: 2 } as const;
  const own = [{ name: 'dn42_a', type: 'bgp', owner }] as never as Parameters<typeof ibgpPeers>[0];
  const words = (part: Partial<BgpCapabilities>) => ibgpPeers(own, seen(part).protocols).map(describeIbgp);
  expect(words({})).toEqual([undefined]);
  expect(words({ families: ['ipv4'] })).toEqual([
    'iBGP with node 2: no IPv6 route goes either way: node 2 does not offer IPv6 in the session dn42_a',
  ]);
});
