import { describe, expect, it } from 'vitest';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import type { SessionStatus } from '../../../../src/core/model/session-status.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import type { Acknowledged } from '../../../../src/core/verdict/acknowledged.js';
import type { Outcome } from '../../../../src/core/verdict/outcome.js';
import { reportsOf } from '../../../../src/core/verdict/reports.js';
import { makeEntry } from '../../make.js';

const settled: Outcome = {
  refused: new Map(),
  unsettled: new Map(),
  undecided: new Set(),
  unhealthy: new Map(),
};
const broken: Outcome = { ...settled, unsettled: new Map([['abc-123', 'wg: no such device']]) };

function ignored(status: SessionStatus): SessionEntry {
  return { kind: 'ignored', uuid: sessionId.parse('abc-123'), status, interface: 'wg_24001' };
}

function statuses(entry: SessionEntry, outcome = settled, acknowledged?: Acknowledged) {
  const taken = new Map(acknowledged ? [['abc-123', acknowledged]] : []);
  return reportsOf([entry], outcome, taken).map(({ status, error }) =>
    error ? `${status}: ${error}` : status,
  );
}

describe('a session that is in order', () => {
  it.each(['queued-for-setup', 'error', 'setup-failed'] as const)(
    'and listed as %s is reported active',
    (status) => {
      expect(statuses(makeEntry({ status }))).toEqual(['active']);
    },
  );

  it('and listed as active is not reported', () => {
    expect(statuses(makeEntry())).toEqual([]);
  });
});

describe('a session that could not be put in order', () => {
  it.each([
    ['queued-for-setup', 'setup-failed'],
    ['setup-failed', 'setup-failed'],
    ['active', 'error'],
    ['error', 'error'],
  ] as const)('and is listed as %s is reported %s with the reason', (listed, reported) => {
    expect(statuses(makeEntry({ status: listed }), broken)).toEqual([`${reported}: wg: no such device`]);
  });

  it('by a refusal is reported as error', () => {
    const refused = { ...settled, refused: new Map([['abc-123', 'mtu: 40']]) };
    expect(statuses(makeEntry({ status: 'queued-for-setup' }), refused)).toEqual(['error: mtu: 40']);
  });
});

describe('a session whose BGP counts as broken', () => {
  const down = { ...settled, unhealthy: new Map([['abc-123', 'BGP is not established: Idle']]) };

  it.each(['active', 'queued-for-setup', 'setup-failed'] as const)(
    'and listed as %s is reported error with the reason',
    (status) => {
      expect(statuses(makeEntry({ status }), down)).toEqual(['error: BGP is not established: Idle']);
    },
  );

  it('is reported by what is broken on this side, where there is such', () => {
    const both = { ...broken, unhealthy: down.unhealthy };
    expect(statuses(makeEntry(), both)).toEqual(['error: wg: no such device']);
  });
});

describe('a malformed session', () => {
  const entry = (uuid: string | undefined): SessionEntry => ({
    kind: 'refused',
    uuid: uuid === undefined ? undefined : sessionId.parse(uuid),
    status: undefined,
    asn: undefined,
    interface: undefined,
    reason: 'asn: missing',
  });

  it('is reported as error where it has a uuid', () => {
    expect(statuses(entry('abc-123'))).toEqual(['error: asn: missing']);
  });

  it('cannot be reported without one', () => {
    expect(statuses(entry(undefined))).toEqual([]);
  });
});

describe('a session to be deleted', () => {
  it('is reported deleted once nothing of it is left', () => {
    expect(statuses(ignored('queued-for-delete'))).toEqual(['deleted']);
  });

  it('is not reported while something of it is left', () => {
    expect(statuses(ignored('queued-for-delete'), broken)).toEqual([]);
  });
});

it.each(['disabled', 'pending-review', 'rejected', 'deleted', 'teardown'] as const)(
  'a session that is %s is not reported',
  (status) => {
    expect(statuses(ignored(status))).toEqual([]);
  },
);

it('what somebody waits for is told first, and last what only says that a row cannot be used', () => {
  const uuid = (name: string) => sessionId.parse(name);
  const malformed: SessionEntry = {
    kind: 'refused',
    uuid: uuid('malformed'),
    status: 'queued-for-setup',
    asn: undefined,
    interface: undefined,
    reason: 'asn: missing',
  };
  const entries: SessionEntry[] = [
    malformed,
    makeEntry({ uuid: 'refused', status: 'queued-for-setup' }),
    makeEntry({ uuid: 'broken', status: 'active' }),
    makeEntry({ uuid: 'works-again', status: 'error' }),
    makeEntry({ uuid: 'new', status: 'queued-for-setup' }),
    { kind: 'ignored', uuid: uuid('deleted'), status: 'queued-for-delete', interface: undefined },
  ];
  const outcome = {
    ...settled,
    refused: new Map([['refused', 'mtu: 40']]),
    unsettled: new Map([['broken', 'no /dev/net/tun']]),
  };
  expect(reportsOf(entries, outcome, new Map()).map((report) => report.uuid)).toEqual([
    'new',
    'deleted',
    'works-again',
    'broken',
    'malformed',
    'refused',
  ]);
});

describe('an update that the control plane has taken', () => {
  const [report] = reportsOf([makeEntry({ status: 'queued-for-setup' })], settled, new Map());
  if (!report) throw new Error('no report');
  const taken: Acknowledged = { report, listed: 'queued-for-setup' };

  it('is not sent again while the list shows the state of before', () => {
    expect(statuses(makeEntry({ status: 'queued-for-setup' }), settled, taken)).toEqual([]);
  });

  it('is not sent again where the list has one word for all failures', () => {
    const [failure] = reportsOf([makeEntry({ status: 'queued-for-setup' })], broken, new Map());
    if (!failure) throw new Error('no report');
    const told: Acknowledged = { report: failure, listed: 'queued-for-setup' };
    expect(failure.status).toBe('setup-failed');
    expect(statuses(makeEntry({ status: 'error' }), broken, told)).toEqual([]);
  });

  it('is sent again when the session is queued anew after the list had shown it', () => {
    const later: Acknowledged = { report, listed: 'error' };
    expect(statuses(makeEntry({ status: 'queued-for-setup' }), settled, later)).toEqual(['active']);
  });

  it('and that the list does not show yet, is followed by one that takes it back', () => {
    const told: Acknowledged = { report: { ...report, status: 'error', error: 'x' }, listed: 'active' };
    expect(statuses(makeEntry(), settled, told)).toEqual(['active']);
    expect(statuses(makeEntry(), settled, { report, listed: 'active' })).toEqual([]);
  });

  it('is followed by one that says something else', () => {
    expect(statuses(makeEntry({ status: 'queued-for-setup' }), broken, taken)).toEqual([
      'setup-failed: wg: no such device',
    ]);
  });
});

it('of a session that has begun to differ during the pass nothing is said', () => {
  const undecided = { ...settled, undecided: new Set(['abc-123']) };
  expect(statuses(makeEntry({ status: 'error' }), undecided)).toEqual([]);
  expect(statuses(ignored('queued-for-delete'), undecided)).toEqual([]);
});
