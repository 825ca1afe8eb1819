import { expect, it } from 'vitest';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { renderWireGuardDevice } from '../../../../src/core/render/wireguard.js';
import { makeWireGuard, otherKey, ownKey, peerKey } from '../../make.js';

it('a restored device has its key, its port and all options of its peers', () => {
  const device = makeWireGuard(
    { privateKey: new Secret(ownKey) },
    { presharedKey: new Secret(otherKey), endpoint: '[2001:db8::9]:51820' },
  );
  expect(renderWireGuardDevice(device)).toBe(
    [
      '[Interface]',
      `PrivateKey = ${ownKey}`,
      'ListenPort = 24001',
      '',
      '[Peer]',
      `PublicKey = ${peerKey}`,
      `PresharedKey = ${otherKey}`,
      'Endpoint = [2001:db8::9]:51820',
      'AllowedIPs = 0.0.0.0/0, fd00::/8, fe80::/64',
      'PersistentKeepalive = 25',
      '',
    ].join('\n'),
  );
});

it('what a device or a peer should lack is removed: no key, no endpoint, an empty preshared key', () => {
  const device = makeWireGuard({ privateKey: undefined }, { endpoint: undefined });
  expect(renderWireGuardDevice(device)).toBe(
    [
      '[Interface]',
      'ListenPort = 24001',
      '',
      '[Peer]',
      `PublicKey = ${peerKey}`,
      `PresharedKey = ${'A'.repeat(43)}=`,
      'AllowedIPs = 0.0.0.0/0, fd00::/8, fe80::/64',
      'PersistentKeepalive = 25',
      '',
    ].join('\n'),
  );
});
