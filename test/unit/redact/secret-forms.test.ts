import { describe, expect, it } from 'vitest';
import { redact, redactText, secretsIn, secretsInText } from '../../../src/redact/secret-forms.js';

const key = 'cGxhbnRlZC13aXJlZ3VhcmQta2V5LTAwMDAwMDAwMDE=';
const hex = 'a1'.repeat(32);

describe('redactText', () => {
  it.each([
    ['Authorization: Basic dXNlcjpwYXNz, next', 'Authorization: [secret], next'],
    ['"authorization":"Bearer abc"', '"authorization":"[secret]"'],
    ['{\\"Authorization\\":\\"Bearer abc\\"}', '{\\"Authorization\\":\\"[secret]\\"}'],
    [`PrivateKey = ${key}`, 'PrivateKey = [secret]'],
    [`wg0 private key: ${key}`, 'wg0 private key: [secret]'],
    [`preshared_key=${hex}`, 'preshared_key=[secret]'],
    ['  password "a \'b\' c"; # x', '  password "[secret]"; # x'],
    ["password 'abc' {", "password '[secret]' {"],
    ['password "never closed', 'password "[secret]'],
    ['password hex:01:02:03', 'password [secret]'],
    ['proxy http://user:pa:ss@proxy:3128 x', 'proxy http://[secret]@proxy:3128 x'],
    ['SetCredential=moenet-agent-token:abc def', 'SetCredential=moenet-agent-token:[secret]'],
    ['SetCredential=t:abc\\\n  def\nUser=x', 'SetCredential=t:[secret]\nUser=x'],
    ['Environment=MOENET_CP_TOKEN=abc PATH=/bin', 'Environment=MOENET_CP_TOKEN=[secret] PATH=/bin'],
    ['Environment="MY_PASSWORD=abc"', 'Environment="MY_PASSWORD=[secret]"'],
    ['"presharedKey": "abc", "publicKey": "def"', '"presharedKey": "[secret]", "publicKey": "def"'],
    ['?token=abc&x=1', '?token=[secret]&x=1'],
  ])('%j → %j', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  it.each([
    'it takes the token, and knows jp1 as node 1',
    'bootstrap.token: missing: set it, or bootstrap.tokenFile',
    `peer: ${key}\n  preshared key: (hidden)\n  endpoint: 192.0.2.1:51820`,
    `{"publicKey": "${key}"}`,
    'neighbor fe80::1%wg_24001 as 4242421080; # https://example.net/a@b',
    'tokenFile=/etc/moenet-agent/token',
  ])('leaves %j', (text) => {
    expect(redactText(text)).toBe(text);
  });
});

it('takes no longer for hostile text than for any other', () => {
  const startMs = performance.now();
  for (const part of ['a', 'a+', 'token', 'password "', '"', ' ', 'https://', 'private key '])
    redactText(part.repeat(1_000_000 / part.length));
  expect(performance.now() - startMs).toBeLessThan(15_000);
});

describe('redact', () => {
  it('replaces what stands under the key of a secret, and secrets in texts', () => {
    const value = {
      bgpPassword: 'a',
      'api-key': ['a'],
      list: ['Bearer abc'],
      tokenFile: '/x',
      public_key: key,
    };
    expect(redact(value)).toEqual({
      bgpPassword: '[secret]',
      'api-key': '[secret]',
      list: ['Bearer [secret]'],
      tokenFile: '/x',
      public_key: key,
    });
  });
});

describe('the secrets in a document', () => {
  it('are found under their keys, in texts, and in JSON text', () => {
    const credential = JSON.stringify({ publicKey: key, presharedKey: 'preshared-1' });
    const document = {
      token: 'token-0001',
      rows: [{ credential }, { credential: key }],
      text: 'Bearer token-0002',
    };
    expect(secretsIn(document)).toEqual(['token-0001', 'preshared-1', 'token-0002']);
  });

  it('are a password with its user and alone', () => {
    expect(secretsInText('http://user:password1@proxy')).toEqual(['user:password1', 'password1']);
  });
});
