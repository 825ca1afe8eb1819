import { describe, expect, it } from 'vitest';
import { differencesFor, nextSteps, protocolsFor } from '../../../../src/core/explain/evidence.js';
import type { Change } from '../../../../src/core/model/change.js';
import type { Owner } from '../../../../src/core/model/owner.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { makeObserved } from '../../make.js';

const nowSeconds = 1_000_000;
const quiet = {
  backoff: undefined,
  cutOff: undefined,
  observed: makeObserved({ nowSeconds }),
  nextPassSeconds: 60,
};
const due = { change: 'write peers/a.conf', why: 'it differs' };
const waiting = { ...due, waits: 'bird -p refuses it' };
const failed = (failures: number, inSeconds: number) => ({
  failures,
  retryAtSeconds: nowSeconds + inSeconds,
  wish: '',
  reason: '',
});
const undone = (inSeconds: number) => ({ retryAtSeconds: nowSeconds + inSeconds, wish: '', reason: '' });

describe('what the agent does next', () => {
  it('is to look again, where nothing differs', () => {
    expect(nextSteps([], quiet)).toEqual([
      'nothing differs from what is desired; the next pass, in about 60 s, looks again',
    ]);
  });

  it('is to make what differs, at the next pass', () => {
    expect(nextSteps([due, waiting], quiet)).toEqual([
      'the next pass, in about 60 s, makes what differs as desired; to do it now: moenet-agent resync',
    ]);
  });

  it('is nothing by itself, where all that differs waits', () => {
    expect(nextSteps([waiting], quiet)).toEqual([]);
  });

  it.each([
    [1, 'once'],
    [2, '2 times'],
  ])('is to try again after the pause, where it has failed %i time(s)', (failures, times) => {
    expect(nextSteps([waiting], { ...quiet, backoff: failed(failures, 90) })).toEqual([
      `the agent has tried ${times} and tries again in 90 s; to try now: moenet-agent resync`,
    ]);
  });

  it('is to try again what cut the node off, while the control plane answers', () => {
    expect(nextSteps([waiting], { ...quiet, cutOff: undone(90) })).toEqual([
      'the change cut this node off from its control plane and was taken back; the agent tries again in 90 s, while the control plane answers',
    ]);
  });

  it('is not to wait for a pause that is over', () => {
    expect(nextSteps([waiting], { ...quiet, backoff: failed(1, 0), cutOff: undone(0) })).toEqual([]);
    expect(nextSteps([waiting], { ...quiet, backoff: failed(1, -5), cutOff: undone(-5) })).toEqual([]);
  });
});

it('a protocol of which BIRD says nothing is shown as not running', () => {
  const shown = protocolsFor(['dn42_1'], { observed: makeObserved(), details: new Map() });
  expect(shown).toMatchObject([
    { name: 'dn42_1', state: 'not running', timers: [], capabilities: undefined },
  ]);
});

it('what differs for an owner is what the plan has of it, at once or later, and of nobody else', () => {
  const owner: Owner = { kind: 'session', uuid: sessionId.parse('abc-123') };
  const remove = (by: Owner, path: string): Change => ({
    kind: 'remove-file',
    owner: by,
    path,
    why: 'nobody wants it',
  });
  const node: Owner = { kind: 'node' };
  const plan = {
    changes: [remove(owner, 'peers/a.conf'), remove(node, 'roa.conf')],
    putOff: [
      { change: remove(owner, 'peers/b.conf'), reason: 'it failed' },
      { change: remove(node, 'babel.conf'), reason: 'it failed' },
    ],
  };
  expect(differencesFor(owner, plan)).toEqual([
    { change: 'remove peers/a.conf', why: 'nobody wants it' },
    { change: 'remove peers/b.conf', why: 'nobody wants it', waits: 'it failed' },
  ]);
});
