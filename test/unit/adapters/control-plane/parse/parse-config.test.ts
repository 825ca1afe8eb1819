import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../../src/adapters/control-plane/parse/parse-config.js';
import { fixture } from '../fixture.js';

describe('parseConfig', () => {
  it('reads the documented answer', () => {
    expect(parseConfig(fixture('documented/config.json'))).toMatchObject({
      node: {
        id: 1,
        asn: 4242420998,
        loopbackIpv4: '172.22.188.1',
        loopbackIpv6: 'fd00:4242:7777:101:1::1',
      },
      wireguard: { ipv6LinkLocal: undefined },
      refused: [],
    });
  });

  it("reads moenet-core's answer, with the loopback addresses from the wireguard part", () => {
    expect(parseConfig((fixture('moenet-core/config.json') as { data: unknown }).data)).toEqual({
      node: {
        id: 1,
        asn: undefined,
        loopbackIpv4: '172.22.188.1',
        loopbackIpv6: 'fd00:4242:7777:101:1::1',
      },
      bird: { controlSocket: '/var/run/bird/run/bird.ctl', configDir: '/etc/bird' },
      wireguard: {
        privateKeyPath: '/etc/wireguard/private.key',
        publicKeyPath: '/etc/wireguard/public.key',
        persistentKeepaliveSeconds: 25,
        ipv6LinkLocal: 'fe80::998:101:1:1',
      },
      metric: { pingTimeoutSeconds: 5, pingCount: 4 },
      refused: [],
    });
  });

  it.each([
    [{ enabled: true, channel: 'stable', extra: 1 }, { channel: 'stable' }],
    [{ enabled: 'true' }, { channel: undefined }],
    [{ enabled: true, channel: {} }, { channel: undefined }],
    [{ enabled: false, channel: 'stable' }, undefined],
    [{ enabled: 'maybe' }, undefined],
    ['yes', undefined],
  ])('takes autoUpdate %j for %j, and has nothing to say against it', (autoUpdate, read) => {
    expect(parseConfig({ node: {}, autoUpdate })).toMatchObject({ autoUpdate: read, refused: [] });
  });

  it.each([
    [{ peerConfDir: '/opt/bird/peers/', ibgpConfDir: '/opt/bird/ibgp.d' }, '/opt/bird', []],
    [{ peerConfDir: '/opt/bird/peers' }, '/opt/bird', []],
    [{ ibgpConfDir: '/opt/bird/ibgp.d', peerConfDir: null }, '/opt/bird', []],
    [{ peerConfDir: '/opt/bird/ebgp' }, undefined, [/^bird\.peerConfDir: does not end in "\/peers"/]],
    [{ peerConfDir: '/peers' }, undefined, [/^bird\.peerConfDir: /]],
    [{ peerConfDir: '/a/peers', ibgpConfDir: '/b/ibgp.d' }, undefined, [/^bird\.ibgpConfDir: is not beside/]],
  ])('finds in %j where the directories of BIRD lie', (bird, configDir, refused) => {
    const config = parseConfig({ node: {}, bird });
    expect(config.bird.configDir).toBe(configDir);
    expect(config.refused).toEqual(refused.map((pattern) => expect.stringMatching(pattern)));
  });

  it('leaves out what it does not understand, and says so', () => {
    const config = parseConfig({
      node: { id: '1', asn: 'x', loopbackIpv4: null, loopbackIpv6: 5 },
      bird: { controlSocket: 'relative' },
      wireguard: { dn42Ipv6LinkLocal: 'fd00::1' },
      metric: [],
    });
    expect(config.node).toMatchObject({ id: 1, asn: undefined, loopbackIpv4: undefined });
    expect(config.refused?.toSorted()).toEqual([
      'bird.controlSocket: is not an absolute path of printable characters',
      'metric: a list, not an object',
      'node.asn: "x" is not an AS number from 1 to 4294967294',
      'node.loopbackIpv6: a number is not expected here',
      'wireguard.dn42Ipv6LinkLocal: is not a link-local address (fe80::/10)',
    ]);
  });

  it.each([null, [], 'x', {}, { error: 'no' }, { node: null }])('%j counts as no configuration', (answer) => {
    expect(() => parseConfig(answer)).toThrow(/^the answer /);
  });
});
