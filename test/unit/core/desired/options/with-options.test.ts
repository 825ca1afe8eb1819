import { describe, expect, it } from 'vitest';
import type { OperatorOptions } from '../../../../../src/core/desired/options/operator-options.js';
import {
  describeIgnored,
  describeUnmatched,
  withOptions,
} from '../../../../../src/core/desired/options/with-options.js';
import type { PolicyName } from '../../../../../src/core/model/policy-name.js';
import type { Session } from '../../../../../src/core/model/session.js';
import type { SessionOptions } from '../../../../../src/core/model/session-options.js';
import { makeEntry } from '../../../make.js';

const ofAs = (options: SessionOptions, asn = 4242421080): OperatorOptions => ({
  key: `AS${asn}`,
  asn,
  uuid: undefined,
  options,
});
const ofUuid = (options: SessionOptions, uuid = 'abc-123'): OperatorOptions => ({
  key: uuid,
  asn: undefined,
  uuid,
  options,
});

function resolved(
  session: Partial<Pick<Session, 'options' | 'policy' | 'ignoredOptions'>>,
  operator: readonly OperatorOptions[] = [],
  limits = {},
): Session {
  const entry = withOptions(makeEntry(session), operator, limits);
  if (entry.kind !== 'session') throw new Error('no session');
  return entry.session;
}

describe('the options that count', () => {
  it('are those of the uuid, then those of the AS, then those of the data', () => {
    const session = resolved({ options: { prepend: 1, med: 1, holdTime: 30 } }, [
      ofUuid({ prepend: 3 }),
      ofAs({ prepend: 2, med: 2 }),
      ofAs({ prepend: 9, med: 9 }, 4242420001),
      ofUuid({ prepend: 9 }, 'other'),
    ]);
    expect(session.options).toEqual({ prepend: 3, med: 2, holdTime: 30 });
  });

  it('are empty if nobody names any', () => {
    expect(resolved({}).options).toBeUndefined();
  });
});

const policies: readonly PolicyName[] = ['full', 'peer', 'upstream', 'downstream'];
const narrowings: readonly (readonly [PolicyName, readonly PolicyName[]])[] = [
  ['full', ['full', 'peer', 'downstream']],
  ['peer', ['peer']],
  ['upstream', ['peer', 'upstream']],
  ['downstream', ['peer', 'downstream']],
];

describe('a policy', () => {
  it.each(narrowings)('of data only narrows the session policy %s', (policy, allowed) => {
    for (const wish of policies) {
      const session = resolved({ policy, options: { policy: wish } });
      expect([wish, session.policy]).toEqual([wish, allowed.includes(wish) ? wish : policy]);
      expect(describeIgnored(session).length).toBe(allowed.includes(wish) ? 0 : 1);
    }
  });

  it('of the operator has the operator’s value', () => {
    expect(resolved({ policy: 'peer' }, [ofAs({ policy: 'full' })]).policy).toBe('full');
  });
});

describe('data', () => {
  it('asks for no more than the network allows and prefers no session', () => {
    const options = { importLimit: 501, exportLimit: 100, localPreference: 101 };
    const session = resolved({ options }, [], { ebgpImportLimit: 500 });
    expect(session.options).toEqual({ exportLimit: 100 });
    expect(describeIgnored(session)).toEqual([
      'session abc-123 (AS4242421080): the agent ignores a part of its data at the control plane: data.localPreference: 101 is more than 100, the most that data may ask for; data.importLimit: 501 is more than 500, the most that data may ask for; an operator may set it under "sessions" in the agent\'s configuration file',
    ]);
    expect(resolved({ options: { localPreference: 50, importLimit: 9 } }).options).toEqual({
      localPreference: 50,
      importLimit: 9,
    });
  });

  it('that the operator overrides is no news', () => {
    const ignoredOptions = ['data.med: "x" is not a MED from 0 to 4294967295'];
    expect(describeIgnored(resolved({ ignoredOptions }, [ofAs({ med: 5 })]))).toEqual([]);
    expect(describeIgnored(resolved({ ignoredOptions }))).toHaveLength(1);
  });
});

it('the keys of the file that are no session here are named', () => {
  const operator = [ofAs({}, 4242420001), ofAs({}), ofUuid({}), ofUuid({}, 'gone')];
  expect(describeUnmatched(operator, [makeEntry()])).toEqual([
    'sessions.AS4242420001 in the configuration file is no session of this node',
    'sessions.gone in the configuration file is no session of this node',
  ]);
});
