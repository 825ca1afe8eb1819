import { describe, expect, it } from 'vitest';
import { excerpt, oneLine, redactToken } from '../../../../src/adapters/control-plane/redact.js';

describe('redactToken', () => {
  it.each([
    ['a/b"c+d', 'x a/b"c+d y', 'x [token] y'],
    ['a/b"c+d', 'x A/B"C+D y', 'x [token] y'],
    ['a/b"c+d', 'x a%2Fb%22c%2Bd y', 'x [token] y'],
    ['a/b"c+d', 'x a/b\\"c+d y', 'x [token] y'],
    ['.*^$(x)+', 'anything .*^$(x)+ goes', 'anything [token] goes'],
    ['aaaaaaaa', 'xaaaaaaaaaaaaaaaay', 'x[token][token]y'],
    ['', 'nothing', 'nothing'],
  ])('%j: %j → %j', (token, text, expected) => {
    expect(redactToken(token)(text)).toBe(expected);
  });
});

describe('a short token', () => {
  it.each([
    ['a', 'cp.example.net refuses a call', 'cp.example.net refuses a call'],
    ['a', 'you sent authorization: Bearer a, a bad one', 'you sent authorization: Bearer [token], a bad one'],
    ['a', '{"token":"a","error":"a b"}', '{"token":"[token]","error":"a b"}'],
    ['a', 'Bearer abc', 'Bearer abc'],
    ['.', 'cp.example.net, or not.', 'cp.example.net, or not.'],
    ['pass', 'a passing word: pass', 'a passing word: [token]'],
    ['t0k-en', 'x"t0k-en", T0K-EN1', 'x"[token]", T0K-EN1'],
  ])('(%j) leaves the rest of a message readable: %j → %j', (token, text, expected) => {
    expect(redactToken(token)(text)).toBe(expected);
  });
});

describe('excerpt', () => {
  it('redacts before it cuts, so that no part of the token is left', () => {
    expect(excerpt('xxxx secret-token', redactToken('secret-token'), 8)).toBe('xxxx [to…');
  });

  it('redacts what only cleaning puts together', () => {
    expect(excerpt('my\u0000\u0007token', redactToken('my token'), 80)).toBe('[token]');
  });
});

describe('oneLine', () => {
  it('leaves no line ends, escape sequences or invisible characters, and cuts between characters', () => {
    expect(oneLine('a\r\n\u001b[31mb\u202e\u2028c\u0085\ufeffd', 80)).toBe('a [31mb c d');
    expect(oneLine('😀😀😀', 2)).toBe('😀😀…');
  });
});
