import { expect, it } from 'vitest';
import { sessionBgpOptions } from '../../../../../src/core/desired/options/session-bgp-options.js';
import { ebgpOptions as optionsOf } from '../../../../../src/core/model/bgp-options.js';
import { Secret } from '../../../../../src/core/model/values/secret.js';

const ebgpOptions = optionsOf('full', '2.0.12');

it('a session without options of its own has the defaults', () => {
  expect(sessionBgpOptions(ebgpOptions, undefined, '2.0.12')).toBe(ebgpOptions);
  expect(sessionBgpOptions(ebgpOptions, { prepend: 3, med: 5 }, '2.0.12')).toEqual(ebgpOptions);
});

it('a hold time brings its keepalives along', () => {
  const { protocol } = sessionBgpOptions(ebgpOptions, { holdTime: 31 }, undefined);
  expect(protocol).toEqual(expect.arrayContaining(['hold time 31', 'keepalive time 10']));
  expect(protocol).toHaveLength(ebgpOptions.protocol.length);
});

it('what resets a session is among the options of its BGP', () => {
  const options = { bfd: true, passive: true, addPaths: 'rx' } as const;
  const { protocol, ipv4, ipv6 } = sessionBgpOptions(ebgpOptions, options, '2.0.12');
  expect(protocol.slice(ebgpOptions.protocol.length)).toEqual(['bfd on', 'passive on']);
  expect([ipv4, ipv6]).toEqual([['add paths rx'], ['add paths rx']]);
  const off = { bfd: false, passive: false, addPaths: 'off' } as const;
  expect(sessionBgpOptions(ebgpOptions, off, '2.0.12')).toEqual(ebgpOptions);
});

it.each([
  ['2.0.12', ['password "x"']],
  ['2.16', ['password "x"']],
  ['2.17.6', ['authentication md5', 'password "x"']],
  ['3.4.0', ['authentication md5', 'password "x"']],
  [undefined, ['password "x"']],
])('BIRD %s gets a password in the words that it takes without a warning', (version, words) => {
  const { protocol } = sessionBgpOptions(ebgpOptions, { password: new Secret('x') }, version);
  expect(protocol.slice(ebgpOptions.protocol.length)).toEqual(words);
});

it('a session may do without the roles that others have', () => {
  const base = { ...ebgpOptions, protocol: ['local role peer', 'hold time 90'] };
  expect(sessionBgpOptions(base, { roles: false }, '2.0.12').protocol).toEqual(['hold time 90']);
  expect(sessionBgpOptions(base, { roles: true }, '2.0.12').protocol).toEqual(base.protocol);
});
