import { describe, expect, it } from 'vitest';
import type { DesiredProtocol } from '../../../../src/core/model/artifacts.js';
import type { BirdLimit, BirdProtocol } from '../../../../src/core/model/observed.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import {
  afterAttempt,
  dueAtSeconds,
  type LimitHits,
  limitChanges,
  nextLimitHits,
} from '../../../../src/core/plan/limit-hits.js';
import { makeProtocol } from '../../../../src/lab/simulated/machine/fake-bird.js';

const wanted = (name: string): DesiredProtocol => ({
  name,
  owner: { kind: 'session', uuid: sessionId.parse(name) },
});
const names = [wanted('a')];

interface Seen {
  readonly isHit?: boolean;
  readonly kind?: BirdLimit['kind'];
  readonly action?: string;
  readonly imported?: number;
  readonly filtered?: number;
  readonly exported?: number;
  readonly since?: string;
  readonly isUp?: boolean;
}

function protocol(name: string, seen: Seen): BirdProtocol {
  const { isHit = false, kind = 'receive', action = 'block', since = '12:00', isUp = true } = seen;
  const { imported = 20, filtered = 0, exported = 0 } = seen;
  const routes = isUp ? { imported, filtered, exported, preferred: 0 } : undefined;
  const made = makeProtocol(name, 'bgp');
  return {
    ...made,
    since,
    ...(isUp ? {} : { bgp: made.bgp && { ...made.bgp, state: 'Connect' } }),
    channels: [{ name: 'ipv6', state: 'UP', routes, limits: [{ kind, max: 20, action, isHit }] }],
  };
}

function look(before: LimitHits, seen: Seen, nowSeconds: number): LimitHits {
  const bird = { running: true, version: '2.0.12', protocols: [protocol('a', seen)] } as const;
  return nextLimitHits(before, names, bird, nowSeconds);
}

const hit = look({}, { isHit: true }, 1000);
const limits = [{ channel: 'ipv6', kind: 'receive', max: 20 }];

describe('a limit that blocked routes', () => {
  it('is remembered, and nothing is done while there is no room', () => {
    expect(hit).toMatchObject({ a: { limits, attempts: 0 } });
    expect(limitChanges(hit, names, 100_000)).toEqual([]);
    expect(look({}, { isHit: false }, 1000)).toEqual({});
    expect(look({}, { isHit: true, action: 'warn' }, 1000)).toEqual({});
  });

  it('is remembered although a reload of the filters removed its mark', () => {
    expect(look(hit, { isHit: false }, 1060)).toMatchObject({ a: { limits } });
  });

  it('is remembered where BIRD writes the same time with another millisecond', () => {
    const before = look({}, { isHit: true, since: '2026-11-26 08:00:00.872' }, 1000);
    expect(look(before, { isHit: false, since: '2026-11-26 08:00:00.871' }, 1060)).toMatchObject({
      a: { limits },
    });
    expect(look(before, { isHit: false, since: '2026-11-26 08:00:09.871' }, 1060)).toEqual({});
  });

  it('is forgotten when the session comes up again', () => {
    expect(look(hit, { isHit: false, since: '12:05' }, 1060)).toEqual({});
    expect(look(hit, { isUp: false }, 1060)).toEqual({});
  });

  it('leads to a restart of that session after two minutes with room', () => {
    const room = look(hit, { isHit: true, imported: 12 }, 1060);
    expect(limitChanges(room, names, 1179)).toEqual([]);
    expect(limitChanges(look(room, { imported: 13 }, 1180), names, 1180)).toMatchObject([
      {
        kind: 'restart-protocol',
        protocol: 'a',
        why: 'the receive limit of 20 IPv6 routes blocked routes, and there are fewer routes now',
      },
    ]);
  });

  it('waits again if the room is gone', () => {
    const room = look(hit, { isHit: true, imported: 12 }, 1060);
    const full = look(room, { isHit: true, imported: 12, filtered: 8 }, 1120);
    expect(dueAtSeconds(full['a'] ?? expect.fail())).toBeUndefined();
    expect(limitChanges(full, names, 5000)).toEqual([]);
  });

  it('of our own routes lets BIRD send them again, which resets nothing', () => {
    const exports = { kind: 'export', isHit: true } as const;
    const room = look(look({}, { ...exports, exported: 20 }, 1000), { ...exports, exported: 19 }, 1060);
    expect(limitChanges(room, names, 1200)).toMatchObject([{ kind: 'resend-routes', protocol: 'a' }]);
  });

  it('is remembered while BIRD does not answer', () => {
    expect(nextLimitHits(hit, names, { running: false, reason: 'no' }, 2000)).toBe(hit);
  });
});

describe('a limit that is hit again and again', () => {
  const again = (before: LimitHits, nowSeconds: number): LimitHits => {
    const done = { a: afterAttempt(before['a'] ?? expect.fail(), nowSeconds) };
    const back = look(done, { isHit: true, since: `${nowSeconds}` }, nowSeconds + 10);
    return look(back, { isHit: true, since: `${nowSeconds}`, imported: 12 }, nowSeconds + 20);
  };

  it('restarts the session after growing pauses, at most 6 hours', () => {
    const pauses: number[] = [];
    let hits = look(hit, { isHit: true, imported: 12 }, 2000);
    let nowSeconds = 2000;
    for (let count = 0; count < 8; count += 1) {
      hits = again(hits, nowSeconds);
      const due = dueAtSeconds(hits['a'] ?? expect.fail()) ?? expect.fail();
      pauses.push(due - nowSeconds);
      nowSeconds = due;
    }
    expect(pauses).toEqual([600, 1200, 2400, 4800, 9600, 19_200, 21_600, 21_600]);
  });

  it('is a new story after a day without it', () => {
    const done = { a: afterAttempt(hit['a'] ?? expect.fail(), 1000) };
    expect(look(done, {}, 80_000)).toMatchObject({ a: { attempts: 1, limits: [] } });
    expect(look(done, {}, 100_000)).toEqual({});
  });

  it('waits no longer because the clock was set back', () => {
    const later = again(look(hit, { isHit: true, imported: 12 }, 2000), 1_000_000);
    expect(limitChanges(later, names, 5000)).toHaveLength(1);
  });
});

it('one session is restarted in a pass, not all that one limit counts for', () => {
  const all = ['a', 'b', 'c'].map(wanted);
  const at = (seen: Seen) => ({
    running: true as const,
    version: '2.0.12',
    protocols: all.map(({ name }) => protocol(name, seen)),
  });
  const blocked = nextLimitHits({}, all, at({ isHit: true }), 1000);
  const room = nextLimitHits(blocked, all, at({ isHit: true, imported: 3 }), 1060);
  const [first, ...others] = limitChanges(room, all, 2000);
  expect(first).toMatchObject({ protocol: 'a' });
  expect(others).toEqual([]);
});
