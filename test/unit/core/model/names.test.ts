import { describe, expect, it } from 'vitest';
import { isConfigured } from '../../../../src/core/model/session-status.js';
import { interfaceName } from '../../../../src/core/model/values/interface-name.js';
import { wireGuardKey } from '../../../../src/core/model/values/wireguard-key.js';
import { peerKey } from '../../make.js';

describe('a name for an interface', () => {
  it.each(['dn42_4242421080', 'a', '0', '_x', 'wg-1.2'])('is %j', (name) => {
    expect(interfaceName.parse(name)).toBe(name);
  });

  it.each(['', 'lo', 'all', 'default', '-f', '.', 'a/b', 'a b', 'abcdefghijklmnop', 'é'])(
    'is not %j',
    (name) => {
      expect(interfaceName.safeParse(name).success).toBe(false);
    },
  );

  it('is shown as far as a reader needs it where it is none', () => {
    const { error } = interfaceName.safeParse('x'.repeat(1000));
    expect(error?.issues[0]?.message).toMatch(/^"x{59} is not an interface name: 1 to 15 letters/);
  });
});

it.each([
  ['active', true],
  ['error', true],
  ['queued-for-setup', true],
  ['setup-failed', true],
  ['disabled', false],
  ['queued-for-delete', false],
  ['deleted', false],
] as const)('a session that is %s is configured: %s', (status, expected) => {
  expect(isConfigured(status)).toBe(expected);
});

it('a WireGuard key may have blanks around it, and nothing else', () => {
  expect(wireGuardKey.parse(` ${peerKey}\n`)).toBe(peerKey);
  for (const text of [peerKey.slice(1), `A${peerKey}`, peerKey.replace(/.=$/, 'B='), `${peerKey} ${peerKey}`])
    expect(wireGuardKey.safeParse(text).success).toBe(false);
});
