import { expect, it } from 'vitest';
import { publicKeyOf } from '../../../../src/adapters/wireguard/public-key.js';

it('finds the public key of a private one as `wg pubkey` does', () => {
  const privateKey = 'UBKN6BdZBRh2ig/P9QbuO4EFEUUAGRvMXsBMit88210=';
  expect(publicKeyOf(privateKey)).toBe('nKzf39R9NzDFRpUqA940THZwI5EO03c/HyiaAmcJ01Q=');
});

it.each(['', 'UBKN6BdZBRh2'])('throws where %j is less than a key', (text) => {
  expect(() => publicKeyOf(text)).toThrow();
});
