import { expect, it } from 'vitest';
import { amountWords, handshakeWords } from '../../../../src/core/lookups/wireguard-words.js';

it.each([
  [undefined, 'never'],
  [0, 'Now'],
  [1, '1 second ago'],
  [90, '1 minute, 30 seconds ago'],
  [3600, '1 hour ago'],
  [90_061, '1 day, 1 hour, 1 minute, 1 second ago'],
])('a handshake %s s ago is %j', (seconds, words) => {
  expect(handshakeWords(seconds)).toBe(words);
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.00 KiB'],
  [1_320_702_443, '1.23 GiB'],
  [2 ** 50, '1024.00 TiB'],
])('%d bytes are %j', (bytes, words) => {
  expect(amountWords(bytes)).toBe(words);
});
