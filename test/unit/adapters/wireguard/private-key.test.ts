import { describe, expect, it } from 'vitest';
import { parsePrivateKey } from '../../../../src/adapters/wireguard/key-store.js';

describe('parsePrivateKey', () => {
  it('takes the key of a file with a line end', () => {
    const key = 'kItCqcVmq6kFph06QBZUa8fTcu33RP6ewwIirmOEGlQ=';
    expect(parsePrivateKey(`${key}\n`, '/k').reveal()).toBe(key);
  });

  it('sets the bits that wg sets, so that the key compares equal to what wg shows', () => {
    // As observed: the first was given to `wg syncconf`, the second was shown by `wg show`.
    const [given, shown] = [
      'l8igl29ady5Sg74a0zFujbKy1RPSpLPlTgzv12F4UVU=',
      'kMigl29ady5Sg74a0zFujbKy1RPSpLPlTgzv12F4UVU=',
    ];
    expect(parsePrivateKey(given, '/k').reveal()).toBe(shown);
  });

  it.each(['', 'hello', 'kItCqcVmq6kFph06QBZUa8fTcu33RP6ewwIirmOEGlQ', `${'A'.repeat(43)}=`])(
    'refuses what is no key, with the path and without the text (%#)',
    (text) => {
      expect(() => parsePrivateKey(text, '/etc/k')).toThrow(
        '/etc/k holds no WireGuard private key: 32 bytes in base64, 44 characters',
      );
    },
  );
});
