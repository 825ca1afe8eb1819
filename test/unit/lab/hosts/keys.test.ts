import { expect, it } from 'vitest';
import { makePeerSecrets, publicKeyOf } from '../../../../src/lab/hosts/keys.js';

it('finds the public key of a private one as `wg pubkey` does', () => {
  const privateKey = 'UBKN6BdZBRh2ig/P9QbuO4EFEUUAGRvMXsBMit88210=';
  expect(publicKeyOf(privateKey)).toBe('nKzf39R9NzDFRpUqA940THZwI5EO03c/HyiaAmcJ01Q=');
});

it('makes pairs that belong together, and a preshared key only where one is wanted', () => {
  const secrets = makePeerSecrets(true);
  expect(publicKeyOf(secrets.privateKey)).toBe(secrets.publicKey);
  expect(Buffer.from(secrets.presharedKey ?? '', 'base64')).toHaveLength(32);
  expect(makePeerSecrets(false).presharedKey).toBeUndefined();
});
