import { expect, it } from 'vitest';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { judgeSessions } from '../../../../src/core/verdict/judge-sessions.js';
import type { SessionHealth } from '../../../../src/core/verdict/session-health.js';
import { makeEntry, makeObserved } from '../../make.js';

const health: SessionHealth = { lookedAtSeconds: 1, isSetUp: true } as never;
const before = Object.fromEntries(
  ['abc-123', 'refused', 'ending', 'withheld', 'gone'].map((uuid) => [uuid, health]),
);
const entries = [
  makeEntry(),
  { kind: 'refused', uuid: 'refused', reason: '' },
  { kind: 'ignored', uuid: 'ending', status: 'queued-for-delete' },
] as never as readonly SessionEntry[];

function judge(list: readonly SessionEntry[] | undefined) {
  const desired = { sessions: [], withheld: ['withheld'], protocols: [], nodeProtocols: [] } as never;
  const outcome = {
    refused: new Map(),
    unsettled: new Map(),
    undecided: new Set<string>(),
    unhealthy: new Map(),
  };
  return judgeSessions(before, { entries: list, desired, observed: makeObserved(), outcome });
}

it('what is known of a session is forgotten when it is not listed, or to end, but not while that is doubted', () => {
  expect(Object.keys(judge(entries))).toEqual(['abc-123', 'refused', 'withheld']);
});

it('without any list all is remembered as it was', () => {
  expect(judge(undefined)).toEqual(before);
});
