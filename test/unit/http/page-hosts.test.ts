import { expect, it } from 'vitest';
import { isOwnHost } from '../../../src/http/page-hosts.js';

const loopback = ['localhost', 'localhost:24368', '127.0.0.1:8080', '127.1.2.3', '[::1]:24368', 'LOCALHOST'];

it.each(loopback)('takes %s, wherever it listens', (host) => {
  for (const listen of [undefined, '127.0.0.1', '172.21.80.1']) expect(isOwnHost(host, [listen])).toBe(true);
});

it.each([
  ['172.21.80.1:24368', '172.21.80.1'],
  ['[fd42::1]:24368', 'fd42::1'],
  ['jp1.example.net:24368', 'jp1.example.net'],
  ['172.21.80.1', undefined],
  ['[fd42::1]', undefined],
  ['172.21.80.1', '0.0.0.0'],
  ['172.21.80.1', '::'],
])('takes %s where it listens on %s', (host, listen) => {
  expect(isOwnHost(host, [listen])).toBe(true);
});

it.each([
  ['evil.example', undefined],
  ['evil.example:24368', '127.0.0.1'],
  ['localhost.evil.example', undefined],
  ['127.0.0.1.evil.example', undefined],
  ['172.21.80.2', '172.21.80.1'],
  ['10.0.0.1', '127.0.0.1'],
  [undefined, undefined],
  ['', undefined],
  ['localhost/evil', undefined],
  ['evil.example@localhost', undefined],
  ['localhost:24368, evil.example', undefined],
])('refuses %s where it listens on %s', (host, listen) => {
  expect(isOwnHost(host, [listen])).toBe(false);
});

it('takes each of the addresses that it listens on, and no other', () => {
  const listen = ['127.0.0.1', '172.21.80.1', 'fd42::1'];
  for (const host of ['172.21.80.1:24368', '[fd42::1]:24368']) expect(isOwnHost(host, listen)).toBe(true);
  for (const host of ['172.21.80.2', '[fd42::2]', 'evil.example'])
    expect(isOwnHost(host, listen)).toBe(false);
});
