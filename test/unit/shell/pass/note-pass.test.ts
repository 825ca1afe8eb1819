import { expect, it } from 'vitest';
import type { SessionHealth } from '../../../../src/core/verdict/session-health.js';
import { type MemoryStore, openMemory } from '../../../../src/shell/pass/memory.js';
import { noteHealths } from '../../../../src/shell/pass/note-pass.js';
import { makeFakeState } from '../../../fakes/fake-state.js';

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
