import { expect, it } from 'vitest';
import type { Desired } from '../../../../src/core/desired/desired.js';
import { OwnerMap } from '../../../../src/core/model/owner.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import type { SessionHealth } from '../../../../src/core/verdict/session-health.js';
import { makeFakeState } from '../../../../src/lab/simulated/machine/fake-state.js';
import { type MemoryStore, openMemory } from '../../../../src/shell/pass/memory.js';
import { noteCutOffs, noteHealths, notePreviousAgent } from '../../../../src/shell/pass/note-pass.js';

const health = (part: Partial<SessionHealth> = {}) =>
  ({ lookedAtSeconds: 1, isSetUp: true, wasUp: true, listed: 'active', ...part }) as SessionHealth;

it.each([
  ['a session that is new', {}, { a: health() }, true],
  ['one that turned', { a: health() }, { a: health({ error: 'down' }) }, true],
  ['one that is gone', { a: health() }, {}, true],
  ['the time of a look only', { a: health() }, { a: health({ lookedAtSeconds: 2 }) }, false],
])('%s: the health of sessions is written to the disk %s', async (_, before, after, isWritten) => {
  const state = makeFakeState();
  const memory: MemoryStore = await openMemory(state);
  memory.note({ healths: before });
  await noteHealths(memory, after);
  expect(memory.current.healths).toEqual(after);
  expect(state.documents.size > 0).toBe(isWritten);
});

it('what was undone is forgotten as soon as nothing of it is left to be changed', async () => {
  const memory = await openMemory(makeFakeState());
  const pending = { kind: 'session', uuid: sessionId.parse('abc-1') } as const;
  const settled = { kind: 'session', uuid: sessionId.parse('abc-2') } as const;
  const cutOff = { reason: 'undone', wish: 'w', retryAtSeconds: 9 };
  memory.note({
    cutOffs: new OwnerMap([
      [pending, cutOff],
      [settled, cutOff],
    ]),
  });
  const change = {
    kind: 'create-tunnel',
    owner: pending,
    interface: 'wg_1',
    replace: false,
    why: '',
  } as const;
  const plan = { changes: [], putOff: [{ change, reason: 'too soon' }] };
  await noteCutOffs(memory, { plan } as unknown as Parameters<typeof noteCutOffs>[1]);
  expect([...memory.current.cutOffs]).toEqual([[pending, cutOff]]);
});

it('maintenance that the previous agent’s files say begins with the pass that reads them, in seconds', async () => {
  const memory = await openMemory(makeFakeState());
  const desired = {
    previousAgent: { preserved: { sessions: {} }, maintenance: true },
    disabled: {},
    cacheAddresses: {},
  } as unknown as Desired;
  await notePreviousAgent(memory, desired, 1_800_000_000_900);
  expect(memory.current.maintenanceSinceSeconds).toBe(1_800_000_000);
  await notePreviousAgent(memory, desired, 1_900_000_000_000);
  expect(memory.current.maintenanceSinceSeconds).toBe(1_800_000_000);
});
