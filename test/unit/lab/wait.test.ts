import { expect, it } from 'vitest';
import { waitFor } from '../../../src/lab/wait.js';

const silent = { say: () => {}, waitingFor: () => {}, show: () => {} };
const options = { limitMs: 5000, progress: silent, refresh: async () => {}, giveUp: () => false };

it('is done when every condition was seen to hold once', async () => {
  let looks = 0;
  const once = { what: 'once', holds: () => looks === 1 };
  const later = { what: 'later', holds: () => looks === 3 };
  const refresh = async () => {
    looks += 1;
  };
  const result = await waitFor([once, later], { ...options, refresh });
  expect(result).toMatchObject({ ok: true, missing: [] });
  expect([...result.heldAfterMs.keys()]).toEqual(['once', 'later']);
});

it('says what did not come true in time', async () => {
  const result = await waitFor([{ what: 'never', holds: () => false }], { ...options, limitMs: 0 });
  expect(result).toMatchObject({ ok: false, missing: ['never'] });
});

it('does not wait on where waiting is in vain', async () => {
  const result = await waitFor([{ what: 'never', holds: () => false }], { ...options, giveUp: () => true });
  expect(result).toMatchObject({ ok: false, missing: ['never'] });
});
