import { describe, expect, it } from 'vitest';
import {
  deriveLinkLocal,
  identifyNode,
  loopbackAddresses,
  withoutSelf,
} from '../../../../src/core/desired/node.js';
import { asn } from '../../../../src/core/model/values/asn.js';
import { bootstrap, v6 } from '../../make.js';

describe('the link-local address of a node', () => {
  it.each([
    [4242420998, 'fd00:4242:7777:302:1::1', 'fe80::998:302:1:1'],
    [4242420998, 'fd00:4242:7777:101:2::1', 'fe80::998:101:2:1'],
    [4242421080, 'fd42:1:2:3:4::5', 'fe80::1080:3:4:5'],
  ])('of AS%i with loopback %s is %s', (number, loopback, expected) => {
    expect(deriveLinkLocal(asn.parse(number), v6(loopback))).toBe(expected);
  });

  it('is what the control plane names, if it names one', () => {
    const named = { ...bootstrap, wireguard: { ...bootstrap.wireguard, ipv6LinkLocal: v6('fe80::42') } };
    expect(identifyNode('jp1', named, undefined).linkLocal).toBe('fe80::42');
  });

  it('is unknown without an IPv6 loopback to make it of', () => {
    expect(deriveLinkLocal(asn.parse(4242420998), undefined)).toBeUndefined();
  });
});

describe('a node', () => {
  it('has its IPv4 loopback as router id', () => {
    expect(identifyNode('jp1', bootstrap, undefined).routerId).toBe('172.22.188.1');
  });

  it('makes a router id of its number if it has no IPv4 loopback', () => {
    const ipv6Only = { ...bootstrap, node: { ...bootstrap.node, id: 258, loopbackIpv4: undefined } };
    expect(identifyNode('jp1', ipv6Only, undefined).routerId).toBe('0.0.1.2');
  });

  it('puts both loopback addresses on its loopback interface as host addresses', () => {
    expect(loopbackAddresses(identifyNode('jp1', bootstrap, undefined))).toEqual([
      { local: '172.22.188.1', prefixLength: 32, peer: undefined },
      { local: 'fd00:4242:7777:101:1::1', prefixLength: 128, peer: undefined },
    ]);
  });
});

it('a node is never its own peer, whatever the control plane lists', () => {
  const peers = [1, 2].map((nodeId) => ({ nodeId }));
  const lists = { mesh: { peers, refused: [] }, birdConfig: { ibgpPeers: peers } } as never;
  expect(withoutSelf(lists, { id: 1 })).toEqual({
    mesh: { peers: [{ nodeId: 2 }], refused: [] },
    birdConfig: { ibgpPeers: [{ nodeId: 2 }] },
  });
  const unknown = { mesh: undefined, birdConfig: undefined };
  expect(withoutSelf(unknown, { id: 1 })).toEqual(unknown);
});
