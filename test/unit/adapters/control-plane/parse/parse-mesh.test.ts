import { describe, expect, it } from 'vitest';
import { WrongShapeError } from '../../../../../src/adapters/control-plane/parse/json.js';
import { parseMesh } from '../../../../../src/adapters/control-plane/parse/parse-mesh.js';
import { fixture } from '../fixture.js';

describe('parseMesh', () => {
  it('reads the documented answer', () => {
    expect(parseMesh(fixture('documented/mesh.json'))).toEqual({
      peers: [
        {
          nodeId: 2,
          nodeName: 'hk1',
          publicKey: 'tbq1T+TQddQMF6b2drMwFvStNXCP5xrmufAKcfq9UAI=',
          endpoint: { host: 'hk.example.net', port: 51821, named: true },
          mtu: 1420,
          loopbackIpv4: '172.22.188.2',
          loopbackIpv6: 'fd00:4242:7777:101:2::1',
          isRouteReflector: false,
        },
      ],
      refused: [],
    });
  });

  it("reads moenet-core's answer, with a peer that has no key yet", () => {
    const mesh = parseMesh((fixture('moenet-core/mesh.json') as { data: unknown }).data);
    expect(mesh).toMatchObject({
      peers: [
        { nodeId: 2, nodeName: 'hk-rr', isRouteReflector: true },
        { nodeId: 3, nodeName: 'tw1', publicKey: undefined, endpoint: undefined },
      ],
      refused: [],
    });
  });

  it('accepts text as numbers, and an old type name for a route reflector', () => {
    const peer = { nodeId: '7', mtu: '1380', nodeType: 'rr', publicKey: null };
    expect(parseMesh({ peers: [peer] }).peers).toMatchObject([
      { nodeId: 7, mtu: 1380, isRouteReflector: true },
    ]);
  });

  it.each([
    [
      { nodeId: 4, publicKey: 'x' },
      4,
      'peers.0.publicKey: not a WireGuard key: 32 bytes in base64, 44 characters',
    ],
    [{ nodeId: 4, endpoint: 'x' }, 4, 'peers.0.endpoint: "x" is not host:port (IPv6 addresses in brackets)'],
    [{ nodeId: 4, mtu: 40 }, 4, 'peers.0.mtu: 40 is not an MTU from 1280 to 9000'],
    [{ nodeId: 99999 }, undefined, 'peers.0.nodeId: 99999 is not a node id from 1 to 13715'],
    [{}, undefined, 'peers.0: nodeId is missing'],
    [null, undefined, 'peers.0: nodeId is missing'],
    [[], undefined, 'peers.0: a list, not an object'],
  ])('refuses a peer alone: %j', (peer, nodeId, reason) => {
    const mesh = parseMesh({ peers: [peer, { nodeId: 5 }] });
    expect(mesh.refused).toEqual([{ nodeId, reason }]);
    expect(mesh.peers).toMatchObject([{ nodeId: 5, mtu: 1420 }]);
  });

  it.each([[null], [[]], [{}], [{ peers: null }], [{ peers: {} }]])(
    'takes %j for no answer, not an empty one',
    (answer) => {
      expect(() => parseMesh(answer)).toThrow(WrongShapeError);
    },
  );
});
