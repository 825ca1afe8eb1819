import { expect, it } from 'vitest';
import type { Desired } from '../../../../src/core/desired/desired.js';
import type { Change } from '../../../../src/core/model/change.js';
import { OwnerMap } from '../../../../src/core/model/owner.js';
import { type Aftermath, outcomeOf } from '../../../../src/core/verdict/outcome.js';
import { makeEntry, makeObserved } from '../../make.js';

const entry = makeEntry();
const uuid = entry.kind === 'session' ? entry.session.uuid : expect.fail('no session');
const owner = { kind: 'session', uuid } as const;
const remove: Change = {
  kind: 'remove-tunnel',
  owner,
  interface: 'wg_24001' as never,
  first: false,
  why: 'it is not wanted',
};
const planOf = (...changes: Change[]) => ({ changes, putOff: [] });
const desired = {
  sessions: [],
  tunnels: [],
  refusals: [],
  files: [],
  hold: undefined,
  problems: [],
  former: { ended: [], doubtful: [] },
} as unknown as Desired;

function outcome(part: Partial<Aftermath>) {
  const { unsettled, undecided } = outcomeOf({
    desired,
    observed: makeObserved(),
    tried: planOf(remove),
    remaining: planOf(remove),
    failures: new OwnerMap(),
    rejected: {},
    ...part,
  });
  return { unsettled: Object.fromEntries(unsettled), undecided: [...undecided] };
}

it('a session whose change is left after it was tried is unsettled, in the words of the failure', () => {
  const failures = new OwnerMap([[owner, 'ip: no permission']]);
  expect(outcome({ failures })).toEqual({ unsettled: { 'abc-123': 'ip: no permission' }, undecided: [] });
});

it('and where nothing failed, in those of the change', () => {
  expect(outcome({}).unsettled).toEqual({ 'abc-123': 'could not remove tunnel wg_24001: it is not wanted' });
});

it('one that differs only since the pass began is undecided', () => {
  expect(outcome({ tried: planOf() })).toEqual({ unsettled: {}, undecided: ['abc-123'] });
});

it('one with nothing left to do is neither', () => {
  expect(outcome({ remaining: planOf() })).toEqual({ unsettled: {}, undecided: [] });
});
