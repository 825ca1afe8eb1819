import { expect, it } from 'vitest';
import type { Desired } from '../../../../src/core/desired/desired.js';
import type { Change } from '../../../../src/core/model/change.js';
import { OwnerMap } from '../../../../src/core/model/owner.js';
import { type Aftermath, differencesOf } from '../../../../src/core/verdict/differences.js';
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
  birdBlocked: undefined,
  problems: [],
  previousAgent: { ended: [], doubtful: [] },
} as unknown as Desired;

function differences(part: Partial<Aftermath>) {
  const found = differencesOf({
    desired,
    observed: makeObserved(),
    tried: planOf(remove),
    remaining: planOf(remove),
    failures: new OwnerMap(),
    rejected: {},
    limitHits: {},
    ...part,
  });
  return Object.fromEntries([...found].map(([id, { reason }]) => [id, reason ?? 'undecided']));
}

it('a session whose change was tried and is still left differs, with the words of the failure', () => {
  const failures = new OwnerMap([[owner, 'ip: no permission']]);
  expect(differences({ failures })).toEqual({ 'abc-123': 'ip: no permission' });
});

it('and where nothing failed, in those of the change', () => {
  expect(differences({})).toEqual({ 'abc-123': 'could not remove tunnel wg_24001: it is not wanted' });
});

it('one that differs only since the pass began is undecided', () => {
  expect(differences({ tried: planOf() })).toEqual({ 'abc-123': 'undecided' });
});

it('one without remaining changes has no difference', () => {
  expect(differences({ remaining: planOf() })).toEqual({});
});

it('a reason is worth more than that it is undecided, and the first reason explains the others', () => {
  const waits = (reason: string, isBrief = false) => ({ change: remove, reason, isBrief });
  const remaining = { changes: [], putOff: [waits('', true), waits('no endpoint'), waits('no route')] };
  expect(differences({ tried: planOf(), remaining })).toEqual({ 'abc-123': 'no endpoint' });
});

it('one of a previous agent that is to end is undecided while something waits to be done, and then gone', () => {
  const ending = {
    ...desired,
    previousAgent: { ended: new Set([uuid]), doubtful: [] },
  } as unknown as Desired;
  const after = (part: Partial<Aftermath>) => differences({ desired: ending, remaining: planOf(), ...part });
  const other = { ...remove, owner: { kind: 'node' } } as const;
  expect(after({ remaining: planOf(other) })).toEqual({ 'abc-123': 'undecided' });
  expect(after({ rejected: { 'bird.conf': 'syntax error' } })).toEqual({ 'abc-123': 'undecided' });
  expect(after({ desired: { ...ending, birdBlocked: 'no file' } as Desired })).toEqual({
    'abc-123': 'undecided',
  });
  expect(after({})).toEqual({});
});
