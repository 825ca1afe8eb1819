import { describe, expect, it } from 'vitest';
import type { NodeStatus } from '../../../../src/shell/status/status.js';
import { aged, statusChanges, withChanges } from '../../../../src/shell/status/status-changes.js';
import { badStatus, goodSession, goodStatus } from '../../../fakes/node-status.js';

/** What a reader has after each status, and the messages that it got. */
function follow(...all: readonly (readonly [NodeStatus, number])[]) {
  let told: Parameters<typeof statusChanges>[2];
  let seen: { status: NodeStatus; nowSeconds: number } | undefined;
  const messages = all.map(([status, nowSeconds]) => {
    const result = statusChanges(status, nowSeconds, told);
    told = result.told;
    const message = result.message && JSON.parse(JSON.stringify(result.message));
    if (message) seen = { status: withChanges(message, seen), nowSeconds };
    return message;
  });
  return { messages, seen: seen?.status };
}

function plain(status: NodeStatus): unknown {
  return JSON.parse(JSON.stringify(status));
}

describe('a reader of the changes', () => {
  it('has the whole status after the first message', () => {
    expect(follow([badStatus, 100]).seen).toEqual(plain(badStatus));
  });

  it('hears nothing where only ages differ', () => {
    const { messages } = follow([goodStatus, 100], [aged(goodStatus, 30), 130]);
    expect(messages[1]).toBeUndefined();
  });

  it('hears of each field of a row', () => {
    for (const change of [{ state: 'waiting' }, { rttMs: 13 }, { flaps: 1 }, { error: 'x' }] as const) {
      const next = { ...goodStatus, sessions: [{ ...goodSession, ...change }] };
      expect(follow([goodStatus, 100], [next, 103]).messages[1]).toMatchObject({ sessions: { length: 1 } });
    }
  });

  it('hears of a handshake, by its time', () => {
    const tunnel = { ...goodSession.tunnel, present: true, rxBytes: 1_234_567, txBytes: 999 };
    const next = {
      ...goodStatus,
      sessions: [{ ...goodSession, tunnel: { ...tunnel, handshakeSecondsAgo: 2 } }],
    };
    expect(follow([goodStatus, 100], [next, 130]).messages[1]?.sessions.rows).toHaveLength(1);
  });

  it('gets the changed rows alone, and has the same status as the node', () => {
    const many = Array.from({ length: 300 }, (_, n) => ({ ...goodSession, uuid: `s${n}`, asn: n }));
    const before = { ...goodStatus, sessions: many };
    const after = aged(
      {
        ...before,
        sessions: many.map((row) => (row.uuid === 's7' ? { ...row, state: 'error' as const } : row)),
      },
      60,
    );
    const { messages, seen } = follow([before, 100], [after, 160]);
    expect(messages[1].sessions.rows).toHaveLength(1);
    expect(seen).toEqual(plain(after));
  });

  it('follows rows that go and rows that come', () => {
    expect(follow([badStatus, 100], [goodStatus, 103]).seen).toEqual(plain(goodStatus));
    expect(follow([goodStatus, 100], [badStatus, 103]).seen).toEqual(plain(badStatus));
    const none = { ...goodStatus, sessions: [], mesh: [] };
    expect(follow([goodStatus, 100], [none, 103]).seen).toEqual(plain(none));
  });
});
