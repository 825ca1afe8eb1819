import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactKnown } from '../../../src/redact/known-secrets.js';

const key = 'cGxhbnRlZC13aXJlZ3VhcmQta2V5LTAwMDAwMDAwMDE=';
const hide = redactKnown([key, 'pa"ss/w0rd+x', 'ab12', 'x']);

describe('redactKnown', () => {
  it.each([
    ['as it is', `a ${key} b`, 'a [secret] b'],
    ['without padding', `a ${key.slice(0, -1)} b`, 'a [secret] b'],
    ['in hexadecimal', `private_key=${Buffer.from(key, 'base64').toString('hex')}`, 'private_key=[secret]'],
    ['in the alphabet of URLs', key.replaceAll('+', '-').replaceAll('/', '_'), '[secret]'],
    ['in a URL', `?k=${encodeURIComponent(key)}`, '?k=[secret]'],
    ['in JSON', JSON.stringify('pa"ss/w0rd+x'), '"[secret]"'],
    ['in JSON within JSON', JSON.stringify(JSON.stringify('pa"ss/w0rd+x')), '"\\"[secret]\\""'],
    ['in a JSON of PHP', '"pa\\"ss\\/w0rd+x"', '"[secret]"'],
    ['in upper case', 'PA"SS/W0RD+X', '[secret]'],
    ['twice without anything between', key + key, '[secret][secret]'],
    ['short, as a word', 'ab12 xab12 ab12, "ab12"', '[secret] xab12 [secret], "[secret]"'],
    ['very short', 'password "x", an x', 'password "[secret]", an x'],
  ])('replaces a secret %s', (_, text, expected) => {
    expect(hide(text)).toBe(expected);
  });

  it('replaces a secret in base64 of a text that it is a part of, wherever it begins', () => {
    for (const before of ['', 'u', 'us', 'user:', 'someb:']) {
      const text = Buffer.from(`${before}pa"ss/w0rd+x after`).toString('base64');
      const decoded = Buffer.from(hide(text).replace('[secret]', ''), 'base64').toString('latin1');
      expect(hide(text)).toContain('[secret]');
      expect(decoded).not.toContain('ss/w0rd');
    }
  });

  it('leaves no secret in any text around it', () => {
    const secret = fc.string({ minLength: 8, maxLength: 40 }).filter((text) => !'[secret]'.includes(text));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const shown = redactKnown([value])(`${before}\n${value}\n${after}`);
        expect(shown.split('[secret]').join('\n\n\n')).not.toContain(value);
      }),
    );
  });

  it('is fast with the keys of a thousand sessions and megabytes of text', () => {
    const secrets = Array.from({ length: 1_000 }, () => randomBytes(32).toString('base64'));
    const text = randomBytes(3_000_000).toString('base64');
    const startMs = performance.now();
    expect(redactKnown(secrets)(text)).toBe(text);
    expect(performance.now() - startMs).toBeLessThan(15_000);
  });
});
