import { describe, expect, it } from 'vitest';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import type { SessionStatus } from '../../../../src/core/model/session-status.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import type { Acknowledged } from '../../../../src/core/verdict/acknowledged.js';
import { reportsOf } from '../../../../src/core/verdict/reports.js';
import type { Verdict, Verdicts } from '../../../../src/core/verdict/session-verdict.js';
import { makeEntry } from '../../make.js';

const verdicts = (verdict: Verdict, uuid = 'abc-123'): Verdicts => new Map([[uuid, verdict]]);
const waiting: Verdict = { state: 'waiting', reason: undefined, isUp: false };
const settled = verdicts(waiting);
const gone = verdicts({ ...waiting, state: 'gone' });
const broken = verdicts({ state: 'failed', reason: 'wg: no such device', isUp: false });

function ignored(status: SessionStatus): SessionEntry {
  return { kind: 'ignored', uuid: sessionId.parse('abc-123'), status, interface: 'wg_24001' };
}

function statuses(entry: SessionEntry, known: Verdicts = settled, acknowledged?: Acknowledged) {
  const taken = new Map(acknowledged ? [['abc-123', acknowledged]] : []);
  return reportsOf([entry], known, taken).map(({ status, error }) =>
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
    const refused = verdicts({ state: 'refused', reason: 'mtu: 40', isUp: false });
    expect(statuses(makeEntry({ status: 'queued-for-setup' }), refused)).toEqual(['error: mtu: 40']);
  });
});

describe('a session whose BGP counts as broken', () => {
  const down = verdicts({ state: 'error', reason: 'BGP is not established: Idle', isUp: false });

  it.each(['active', 'queued-for-setup', 'setup-failed'] as const)(
    'and listed as %s is reported error with the reason',
    (status) => {
      expect(statuses(makeEntry({ status }), down)).toEqual(['error: BGP is not established: Idle']);
    },
  );

  it('is reported so also once it is up again, until it counts as well', () => {
    const upAgain = verdicts({ state: 'error', reason: 'BGP is not established: Idle', isUp: true });
    expect(statuses(makeEntry(), upAgain)).toEqual(['error: BGP is not established: Idle']);
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

  it('is reported as error if it has a uuid', () => {
    expect(statuses(entry('abc-123'))).toEqual(['error: asn: missing']);
  });

  it('cannot be reported without one', () => {
    expect(statuses(entry(undefined))).toEqual([]);
  });
});

describe('a session to be deleted', () => {
  it('is reported deleted once nothing of it is left', () => {
    expect(statuses(ignored('queued-for-delete'), gone)).toEqual(['deleted']);
  });

  it('is not reported while a part of it is left', () => {
    expect(statuses(ignored('queued-for-delete'), broken)).toEqual([]);
  });
});

it.each(['disabled', 'pending-review', 'rejected', 'deleted', 'teardown'] as const)(
  'a session that is %s is not reported',
  (status) => {
    expect(statuses(ignored(status), gone)).toEqual([]);
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
  const known = new Map<string, Verdict>([
    ['refused', { state: 'refused', reason: 'mtu: 40', isUp: false }],
    ['broken', { state: 'failed', reason: 'no /dev/net/tun', isUp: false }],
    ['works-again', waiting],
    ['new', waiting],
    ['deleted', { ...waiting, state: 'gone' }],
  ]);
  expect(reportsOf(entries, known, new Map()).map((report) => report.uuid)).toEqual([
    'new',
    'deleted',
    'works-again',
    'broken',
    'malformed',
    'refused',
  ]);
});

describe('an update that the control plane accepted', () => {
  const [report] = reportsOf([makeEntry({ status: 'queued-for-setup' })], settled, new Map());
  if (!report) throw new Error('no report');
  const taken: Acknowledged = { report, listed: 'queued-for-setup' };

  it('is not sent again while the list shows the state of before', () => {
    expect(statuses(makeEntry({ status: 'queued-for-setup' }), settled, taken)).toEqual([]);
  });

  it('is not posted again if the list has one word for all failures', () => {
    const [failure] = reportsOf([makeEntry({ status: 'queued-for-setup' })], broken, new Map());
    if (!failure) throw new Error('no report');
    const told: Acknowledged = { report: failure, listed: 'queued-for-setup' };
    expect(failure.status).toBe('setup-failed');
    expect(statuses(makeEntry({ status: 'error' }), broken, told)).toEqual([]);
  });

  it('is posted again when the session is queued again after the list had shown it', () => {
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

it('a session that began to differ during the pass causes no message', () => {
  const undecided = verdicts({ ...waiting, state: 'undecided' });
  expect(statuses(makeEntry({ status: 'error' }), undecided)).toEqual([]);
  expect(statuses(ignored('queued-for-delete'), undecided)).toEqual([]);
});

it('a malformed row causes no message while what runs of it changes', () => {
  const undecided = { reason: undefined };
  const known = verdicts({ state: 'refused', reason: 'asn: missing', difference: undecided, isUp: false });
  const row = { kind: 'refused', uuid: sessionId.parse('abc-123'), reason: 'asn: missing' } as never;
  expect(statuses(row, known)).toEqual([]);
  expect(statuses(makeEntry(), known)).toEqual(['error: asn: missing']);
});
