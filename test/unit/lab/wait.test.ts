import { expect, it } from 'vitest';
import { waitFor } from '../../../src/lab/wait.js';

const silent = { say: () => {}, waitingFor: () => {}, show: () => {} };
const options = { limitMs: 5000, pollMs: 10, progress: silent, refresh: async () => {}, giveUp: () => false };

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

it('a condition that could not be looked at once is looked at again', async () => {
  let looks = 0;
  const holds = () => {
    looks += 1;
    if (looks === 1) throw new Error('no reply');
    return true;
  };
  const result = await waitFor([{ what: 'BIRD answers', holds }], options);
  expect(result).toMatchObject({ ok: true, missing: [] });
});

it('what could not be looked at to the end is named with the reason', async () => {
  const broken = { what: 'status', holds: () => Promise.reject(new Error('no daemon')) };
  const result = await waitFor([broken, { what: 'a tunnel', holds: () => true }], { ...options, limitMs: 0 });
  expect(result).toMatchObject({ ok: false, missing: ['status (no daemon)'] });
});
