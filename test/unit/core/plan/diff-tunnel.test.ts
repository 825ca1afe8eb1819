import { describe, expect, it } from 'vitest';
import { identifyNode } from '../../../../src/core/desired/node.js';
import { findOwned } from '../../../../src/core/desired/owned.js';
import { desireSessions } from '../../../../src/core/desired/sessions.js';
import type { Tunnel } from '../../../../src/core/model/artifacts.js';
import { parseEndpoint } from '../../../../src/core/model/values/endpoint.js';
import { Secret } from '../../../../src/core/model/values/secret.js';
import type { Dial } from '../../../../src/core/plan/dial.js';
import { diffTunnel, type TunnelFacts } from '../../../../src/core/plan/diff-tunnel.js';
import {
  bootstrap,
  makeEntry,
  makeLink,
  makeObserved,
  makeWireGuard,
  nodeSettings,
  otherKey,
  ownKey,
  v6,
} from '../../make.js';

const now = 1_800_000_000;
const linkLocal = { local: 'fe80::998:101:1:1', prefixLength: 64, peer: undefined };

function tunnelOf(part: Parameters<typeof makeEntry>[0] = {}): Tunnel {
  const node = identifyNode('jp1', bootstrap, undefined);
  const { sessions } = desireSessions([makeEntry(part)], {
    node,
    settings: nodeSettings,
    owned: findOwned(makeObserved(), []),
  });
  if (!sessions[0]) throw new Error('refused');
  return sessions[0].tunnel;
}

function facts(part: Partial<TunnelFacts> = {}): TunnelFacts {
  return {
    link: makeLink({ addresses: [linkLocal] }),
    wireguard: makeWireGuard(),
    publicKey: ownKey,
    resolved: new Map(),
    nowSeconds: now,
    lastEndpoint: '192.0.2.80:51820',
    dial: undefined,
    ...part,
  };
}

function changes(tunnelPart: Parameters<typeof tunnelOf>[0], factsPart: Partial<TunnelFacts>) {
  return diffTunnel(tunnelOf(tunnelPart), facts(factsPart));
}

it('a correct tunnel needs no change', () => {
  expect(changes({}, {})).toEqual([]);
});

it('a missing tunnel is created, marked, given its addresses and configured', () => {
  const kinds = changes({}, { link: undefined, wireguard: undefined, lastEndpoint: undefined });
  expect(kinds.map((change) => change.kind)).toEqual(['create-tunnel', 'set-link', 'sync-wireguard']);
  expect(kinds[1]).toMatchObject({
    link: {
      interface: 'wg_24001',
      noAutomaticLinkLocal: true,
      alias: 'moenet-agent:abc-123',
      mtu: 1420,
      addAddresses: [linkLocal],
      up: true,
    },
  });
});

it('a marked link that is no longer a WireGuard interface is created again', () => {
  expect(changes({}, { wireguard: undefined })[0]).toMatchObject({ kind: 'create-tunnel', replace: true });
});

describe('a tunnel whose WireGuard cannot be read', () => {
  const unread = { reason: 'wg: did not finish within 3 s', server: undefined };
  const nothing = { privateKey: undefined, publicKey: undefined, listenPort: 0, peers: [] };

  it.each([
    ['with what was seen last', { listenPort: 1 }],
    ['of which nothing was seen yet', nothing],
  ])('leaves its WireGuard unchanged: one %s', (_, seen) => {
    expect(changes({}, { wireguard: makeWireGuard({ ...seen, unread }) })).toEqual([]);
  });

  it('has its link corrected nevertheless', () => {
    const link = makeLink({ addresses: [linkLocal], mtu: 1500 });
    const found = changes({}, { link, wireguard: makeWireGuard({ ...nothing, unread }) });
    expect(found).toMatchObject([{ kind: 'set-link', link: { mtu: 1420 } }]);
  });

  it('is not created again when its link is gone: the process still has the name', () => {
    expect(changes({}, { link: undefined, wireguard: makeWireGuard({ ...nothing, unread }) })).toEqual([]);
  });
});

describe('a drift of the link is corrected, and nothing else', () => {
  it.each([
    ['MTU', { mtu: 1500 }, { mtu: 1420 }],
    ['down', { up: false }, { up: true }],
    ['mark of a former session', { alias: 'moenet-agent:old' }, { alias: 'moenet-agent:abc-123' }],
    ['address lost', { addresses: [] }, { addAddresses: [linkLocal] }],
    [
      'address too many',
      { addresses: [linkLocal, { local: 'fe80::bad', prefixLength: 64, peer: undefined }] },
      { removeAddresses: [{ local: 'fe80::bad', prefixLength: 64, peer: undefined }] },
    ],
  ])('%s', (_, link, expected) => {
    const found = changes({}, { link: makeLink({ addresses: [linkLocal], ...link }) });
    expect(found).toMatchObject([{ kind: 'set-link', link: { interface: 'wg_24001', ...expected } }]);
    expect(found[0]?.kind === 'set-link' && Object.keys(found[0].link)).toHaveLength(2);
  });
});

it('a link-local that needs a shorter prefix length is removed with the old one, also if that was to stay', () => {
  const tunnel = tunnelOf({ ipv6LinkLocal: v6('fe80:3::2') });
  const set = {
    kind: 'set-link',
    link: { removeAddresses: [linkLocal], addAddresses: [{ ...linkLocal, prefixLength: 10 }] },
  };
  const allowed = makeWireGuard({}, { allowedIps: tunnel.peer.allowedIps });
  expect(diffTunnel(tunnel, facts({ wireguard: allowed }))).toMatchObject([set]);
  const kept = { ...tunnel, preservedAddresses: ['fe80::998:101:1:1/64'] };
  expect(diffTunnel(kept, facts({ wireguard: allowed }))).toMatchObject([set]);
  const link = makeLink({ addresses: [{ ...linkLocal, prefixLength: 10 }] });
  expect(diffTunnel(tunnel, facts({ link, wireguard: allowed }))).toEqual([]);
});

describe('a drift in WireGuard is corrected', () => {
  it.each([
    ['private key', makeWireGuard({ publicKey: otherKey }), "it does not have this node's key"],
    ['listen port', makeWireGuard({ listenPort: 1 }), 'port 1 → 24001'],
    ['peer key', makeWireGuard({}, { publicKey: otherKey }), 'remove peer'],
    ['peer missing', makeWireGuard({ peers: [] }), 'add peer'],
    ['preshared key', makeWireGuard({}, { presharedKey: new Secret('x') }), 'the preshared key differs'],
    ['allowed IPs', makeWireGuard({}, { allowedIps: ['0.0.0.0/0'] }), 'allowed IPs'],
    ['keepalive', makeWireGuard({}, { persistentKeepaliveSeconds: 0 }), 'keepalive 0 → 25 s'],
    ['endpoint', makeWireGuard({}, { endpoint: '192.0.2.1:1' }), 'endpoint 192.0.2.1:1 → 192.0.2.80:51820'],
  ])('%s', (_, wireguard, why) => {
    const found = changes({}, { wireguard });
    expect(found.map((change) => change.kind)).toEqual(['sync-wireguard']);
    expect(found[0]?.why).toContain(why);
  });

  it('without a word of any secret', () => {
    const found = changes({ presharedKey: new Secret('very secret') }, {});
    expect(JSON.stringify(found)).not.toContain('very secret');
  });
});

describe('the endpoint', () => {
  const fresh = { latestHandshakeSeconds: now - 100 };
  const roamed = makeWireGuard({}, { endpoint: '203.0.113.9:4242', ...fresh });

  it('of a working peer that has roamed is left alone', () => {
    expect(changes({}, { wireguard: roamed })).toEqual([]);
  });

  it('is set again once the handshake is older than 135 s', () => {
    const wireguard = makeWireGuard({}, { endpoint: '203.0.113.9:4242', latestHandshakeSeconds: now - 136 });
    expect(changes({}, { wireguard })).toHaveLength(1);
  });

  it('is set at once when the control plane names another, also for a working peer', () => {
    const found = changes({ endpoint: parseEndpoint('192.0.2.81:51820') }, { wireguard: roamed });
    expect(found).toMatchObject([{ kind: 'sync-wireguard', endpoint: '192.0.2.81:51820' }]);
  });

  it('of a peer that dials in is whatever it is', () => {
    expect(changes({ endpoint: undefined }, { wireguard: roamed })).toEqual([]);
  });

  const named = { endpoint: parseEndpoint('peer.example.net:51820') };
  const lastEndpoint = 'peer.example.net:51820';

  it('by name stays while the name still has the address', () => {
    const resolved = new Map([['peer.example.net', ['192.0.2.9', '192.0.2.80']]]);
    expect(changes(named, { resolved, lastEndpoint })).toEqual([]);
  });

  it('by name that does not resolve changes nothing', () => {
    expect(changes(named, { lastEndpoint })).toEqual([]);
  });

  it('by name moves when the name does and the handshake is old', () => {
    const resolved = new Map([['peer.example.net', ['2001:db8::1']]]);
    expect(changes(named, { resolved, lastEndpoint })).toMatchObject([{ endpoint: '[2001:db8::1]:51820' }]);
    expect(changes(named, { resolved, lastEndpoint, wireguard: makeWireGuard({}, fresh) })).toEqual([]);
  });

  describe('by a name with several addresses, at the present one of which nobody answers', () => {
    const resolved = new Map([['peer.example.net', ['2001:db8::80', '192.0.2.80', '192.0.2.9']]]);
    const dial: Dial = {
      endpoint: '192.0.2.80:51820',
      handshakeSeconds: 0,
      txBytes: 0,
      triedSeconds: 240,
      lookedAtSeconds: now,
      givenUp: 0,
    };
    const at = (endpoint: string, latestHandshakeSeconds = 0) =>
      makeWireGuard({}, { endpoint, latestHandshakeSeconds });

    it.each([
      ['192.0.2.80:51820', '192.0.2.9:51820'],
      ['192.0.2.9:51820', '[2001:db8::80]:51820'],
      ['[2001:db8::80]:51820', '192.0.2.80:51820'],
    ])('moves on from %s to %s after minutes, and around', (from, to) => {
      const tried = { ...dial, endpoint: from };
      const found = changes(named, { resolved, lastEndpoint, wireguard: at(from), dial: tried });
      expect(found).toMatchObject([{ kind: 'sync-wireguard', endpoint: to }]);
      expect(found[0]?.why).toBe(`endpoint ${from} → ${to} (no handshake at the old address for 240 s)`);
    });

    it('stays for minutes, and as long as it works', () => {
      const wireguard = at('192.0.2.80:51820');
      expect(changes(named, { resolved, lastEndpoint, wireguard, dial: undefined })).toEqual([]);
      const soon = { ...dial, triedSeconds: 239 };
      expect(changes(named, { resolved, lastEndpoint, wireguard, dial: soon })).toEqual([]);
      const works = at('192.0.2.80:51820', now - 134);
      const same = { ...dial, handshakeSeconds: now - 134 };
      expect(changes(named, { resolved, lastEndpoint, wireguard: works, dial: same })).toEqual([]);
    });

    it('stays if it is the only one', () => {
      const one = new Map([['peer.example.net', ['192.0.2.80']]]);
      expect(changes(named, { resolved: one, lastEndpoint, dial })).toEqual([]);
    });
  });

  it('by name that does not resolve does not stop a new tunnel', () => {
    const found = changes(named, { link: undefined, wireguard: undefined, lastEndpoint: undefined });
    expect(found[2]).toMatchObject({ kind: 'sync-wireguard', endpoint: undefined });
    expect(found[2]?.why).toContain('peer.example.net:51820 (does not resolve');
  });
});
