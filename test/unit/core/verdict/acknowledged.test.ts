import { describe, expect, it } from 'vitest';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import type { SessionStatus } from '../../../../src/core/model/session-status.js';
import { parseEndpoint } from '../../../../src/core/model/values/endpoint.js';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import {
  type Acknowledged,
  afterList,
  contentOf,
  isStillValid,
} from '../../../../src/core/verdict/acknowledged.js';
import { makeEntry, v6 } from '../../make.js';

const uuid = sessionId.parse('abc-123');
const queued = makeEntry({ status: 'queued-for-setup' });

function taken(status: SessionStatus, listed: SessionStatus, entry: SessionEntry = queued): Acknowledged {
  const report = { uuid, status, interface: 'wg_24001', error: status === 'active' ? undefined : 'why' };
  return { report, listed, content: contentOf(entry) };
}

describe('an accepted update', () => {
  it.each([
    ['active', 'queued-for-setup', 'queued-for-setup', true],
    ['active', 'queued-for-setup', 'active', true],
    ['active', 'active', 'queued-for-setup', false],
    ['active', 'queued-for-setup', 'error', false],
    ['active', 'error', 'queued-for-setup', false],
    ['error', 'error', 'queued-for-setup', false],
    ['error', 'error', 'active', false],
    ['setup-failed', 'queued-for-setup', 'error', true],
    ['setup-failed', 'error', 'queued-for-setup', false],
  ] as const)('(%s, told at %s) holds under a list that says %s: %s', (told, listed, now, holds) => {
    expect(isStillValid(taken(told, listed), makeEntry({ status: now }))).toBe(holds);
  });

  it.each([
    ['endpoint', { endpoint: parseEndpoint('192.0.2.81:51820') }],
    ['preshared key', { presharedKey: new Secret('wm4/pdoZw4ehutzkJe7jBQ7aPcPkMrhtV7ZMlJCNKSU=') }],
    ['address', { ipv6LinkLocal: v6('fe80::3') }],
    ['text', { description: 'another text' as never }],
    ['policy', { policy: 'peer' }],
  ] as const)('does not hold any more where the session is still queued with another %s', (_, edit) => {
    const edited = makeEntry({ status: 'queued-for-setup', ...edit });
    expect(isStillValid(taken('active', 'queued-for-setup'), edited)).toBe(false);
  });

  it('does not hold any more where a row that cannot be used is queued with another fault', () => {
    const refused = (reason: string): SessionEntry => ({
      kind: 'refused',
      uuid,
      status: 'queued-for-setup',
      asn: undefined,
      interface: undefined,
      reason,
    });
    const told = taken('error', 'queued-for-setup', refused('mtu: 40'));
    expect(isStillValid(told, refused('mtu: 40'))).toBe(true);
    expect(isStillValid(told, refused('mtu: 41'))).toBe(false);
  });

  it('holds where another content is listed as running: nobody waits for an answer', () => {
    expect(isStillValid(taken('active', 'active'), makeEntry({ mtu: 1400 }))).toBe(true);
  });

  it('of an older agent, which did not write the content down, holds while the status stays', () => {
    const { content: _, ...old } = taken('active', 'queued-for-setup');
    expect(isStillValid(old, makeEntry({ status: 'queued-for-setup', mtu: 1400 }))).toBe(true);
  });
});

it('a list that shows what was posted is remembered, and the next status 4 asks again', () => {
  const rows = (status: SessionStatus) => new Map([['abc-123', makeEntry({ status })]]);
  const before = { 'abc-123': taken('active', 'queued-for-setup') };
  const shown = afterList(before, rows('active'));
  expect(shown.acknowledged['abc-123']?.listed).toBe('active');
  const again = afterList(shown.acknowledged, rows('queued-for-setup'));
  expect(again).toEqual({ acknowledged: {}, asked: ['abc-123'] });
});

it('what is not listed any more is forgotten', () => {
  expect(afterList({ 'abc-123': taken('active', 'active') }, new Map())).toEqual({
    acknowledged: {},
    asked: [],
  });
});
