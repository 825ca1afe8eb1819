import { expect, it } from 'vitest';
import { publicKeyOf } from '../../../../src/adapters/wireguard/public-key.js';
import { makePeerSecrets } from '../../../../src/lab/hosts/keys.js';

it('makes pairs that belong together, and a preshared key only where one is wanted', () => {
  const secrets = makePeerSecrets(true);
  expect(publicKeyOf(secrets.privateKey)).toBe(secrets.publicKey);
  expect(Buffer.from(secrets.presharedKey ?? '', 'base64')).toHaveLength(32);
  expect(makePeerSecrets(false).presharedKey).toBeUndefined();
});
