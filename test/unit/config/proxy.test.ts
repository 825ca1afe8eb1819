import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findProxy } from '../../../src/config/proxy.js';

const proxy = 'http://proxy.example.net:3128';

function found(apiUrl: string, env: Record<string, string>): string | undefined {
  return findProxy(apiUrl, env).proxy?.url;
}

describe('the proxy for', () => {
  it.each([
    ['https://cp.example.net', { HTTPS_PROXY: proxy }, proxy],
    ['https://cp.example.net', { https_proxy: proxy, HTTPS_PROXY: 'http://other:1' }, proxy],
    ['https://cp.example.net', { HTTP_PROXY: proxy }, proxy],
    ['https://cp.example.net', { HTTPS_PROXY: '', HTTP_PROXY: '' }, undefined],
    ['http://cp.example.net', { HTTP_PROXY: proxy }, proxy],
    ['http://cp.example.net', { HTTPS_PROXY: proxy }, undefined],
    ['http://cp.example.net', { http_proxy: 'proxy.example.net:3128' }, proxy],
    ['https://cp.example.net', { HTTPS_PROXY: 'https://[2001:db8::1]:3129' }, 'https://[2001:db8::1]:3129'],
    ['https://cp.example.net', {}, undefined],
  ])('%s with %j is %s', (apiUrl, env, expected) => {
    expect(found(apiUrl, env)).toBe(expected);
    expect(findProxy(apiUrl, env).warnings).toEqual([]);
  });

  it.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]', 'cp.localhost'])(
    'a control plane on this machine (%s) is none, whatever the environment says',
    (host) => {
      expect(found(`http://${host}:8080`, { HTTP_PROXY: proxy, NO_PROXY: '' })).toBe(undefined);
    },
  );
});

describe('no_proxy', () => {
  it.each([
    ['*', 'https://cp.example.net', true],
    ['cp.example.net', 'https://cp.example.net', true],
    ['other.net, EXAMPLE.net', 'https://cp.example.net', true],
    ['.example.net', 'https://cp.example.net', true],
    ['*.example.net', 'https://cp.example.net', true],
    ['ample.net', 'https://cp.example.net', false],
    ['cp.example.net:8443', 'https://cp.example.net:8443', true],
    ['cp.example.net:8443', 'https://cp.example.net', false],
    ['cp.example.net:443', 'https://cp.example.net', true],
    ['192.0.2.7', 'https://192.0.2.7', true],
    ['192.0.2.0/24', 'https://192.0.2.7', true],
    ['192.0.2.0/24', 'https://192.0.3.7', false],
    ['2001:db8::/32', 'https://[2001:db8::7]', true],
    ['2001:db8::7', 'https://[2001:db8::7]:8443', true],
    ['[2001:db8::7]:8443', 'https://[2001:db8::7]:8443', true],
    ['[2001:db8::7]:8443', 'https://[2001:db8::7]', false],
    ['', 'https://cp.example.net', false],
  ])('%j exempts %s: %s', (list, apiUrl, isExempt) => {
    expect(found(apiUrl, { HTTPS_PROXY: proxy, NO_PROXY: list }) === undefined).toBe(isExempt);
    expect(found(apiUrl, { HTTPS_PROXY: proxy, no_proxy: list }) === undefined).toBe(isExempt);
  });
});

describe('user name and password of a proxy', () => {
  const env = { HTTPS_PROXY: 'http://us%20er:pa%2Fss@proxy.example.net:3128' };

  it('become its authorization', () => {
    const { proxy: known } = findProxy('https://cp.example.net', env);
    expect(known?.authorization?.reveal()).toBe(`Basic ${Buffer.from('us er:pa/ss').toString('base64')}`);
    expect(known).toMatchObject({
      url: proxy,
      host: 'proxy.example.net:3128',
      hostname: 'proxy.example.net',
    });
  });

  it('are in nothing that can be shown', () => {
    const shown = inspect(findProxy('https://cp.example.net', env), { depth: 9, showHidden: true });
    expect(shown).not.toMatch(/us%20er|us er|pa%2Fss|pa\/ss|dXMgZXI/);
  });
});

it.each([
  'socks5://user:word@proxy:1080',
  'http://user:word@',
  'http://user:w%word@proxy:3128',
  'http://user:word@pro xy:3128',
])('a proxy that cannot be used (%s) is warned of, without its value', (value) => {
  const { proxy: known, warnings } = findProxy('https://cp.example.net', { HTTPS_PROXY: value });
  expect(known).toBe(undefined);
  expect(warnings).toEqual([
    'HTTPS_PROXY does not name an http:// or https:// proxy: the agent asks the control plane without one',
  ]);
});
