import { describe, expect, it } from 'vitest';
import type { SessionEntry } from '../../../src/core/model/session.js';
import { sessionId } from '../../../src/core/model/session-id.js';
import type { SessionStatus } from '../../../src/core/model/session-status.js';
import { type Acknowledged, reportsOf } from '../../../src/core/reports.js';
import { makeEntry } from '../make.js';

const settled = { refused: new Map(), unsettled: new Map(), undecided: new Set<string>() };
const broken = {
  refused: new Map(),
  unsettled: new Map([['abc-123', 'wg: no such device']]),
  undecided: new Set<string>(),
};

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
    const refused = {
      refused: new Map([['abc-123', 'mtu: 40']]),
      unsettled: new Map(),
      undecided: new Set<string>(),
    };
    expect(statuses(makeEntry({ status: 'queued-for-setup' }), refused)).toEqual(['error: mtu: 40']);
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

describe('an update that the control plane has taken', () => {
  const [report] = reportsOf([makeEntry({ status: 'queued-for-setup' })], settled, new Map());
  if (!report) throw new Error('no report');
  const taken: Acknowledged = { report, listed: 'queued-for-setup' };

  it('is not sent again while the list shows the state of before', () => {
    expect(statuses(makeEntry({ status: 'queued-for-setup' }), settled, taken)).toEqual([]);
  });

  it('is sent again when the session is queued anew after the list had shown it', () => {
    const later: Acknowledged = { report, listed: 'error' };
    expect(statuses(makeEntry({ status: 'queued-for-setup' }), settled, later)).toEqual(['active']);
  });

  it('is followed by one that says something else', () => {
    expect(statuses(makeEntry({ status: 'queued-for-setup' }), broken, taken)).toEqual([
      'setup-failed: wg: no such device',
    ]);
  });
});

it('of a session that has begun to differ during the pass nothing is said', () => {
  const undecided = { refused: new Map(), unsettled: new Map(), undecided: new Set(['abc-123']) };
  expect(statuses(makeEntry({ status: 'error' }), undecided)).toEqual([]);
  expect(statuses(ignored('queued-for-delete'), undecided)).toEqual([]);
});
