import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret, sameSecret } from '../../../../../src/core/model/values/secret.js';

const secret = new Secret('hunter2');

it.each([
  ['in a text', `${secret}`, '[secret]'],
  ['joined to a text', ['a', secret].join(''), 'a[secret]'],
  ['as JSON', JSON.stringify({ secret }), '{"secret":"[secret]"}'],
  ['on the console', inspect({ secret }), '{ secret: [secret] }'],
])('a secret is not shown %s', (_, shown, expected) => {
  expect(shown).toBe(expected);
});

it('two are the same if both are absent or hold the same text', () => {
  expect(sameSecret(secret, new Secret('hunter2'))).toBe(true);
  expect(sameSecret(undefined, undefined)).toBe(true);
  expect(sameSecret(secret, new Secret('hunter3'))).toBe(false);
  expect(sameSecret(secret, undefined)).toBe(false);
});
