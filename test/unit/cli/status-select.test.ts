import { expect, it } from 'vitest';
import { selectRows } from '../../../src/cli/status/select.js';
import { badStatus, goodStatus } from '../../fakes/node-status.js';

const all = { session: undefined, problems: false };
const uuids = (session: string) =>
  selectRows(badStatus, { ...all, session })?.sessions.map(({ uuid }) => uuid);

it('shows all unless told otherwise', () => {
  expect(selectRows(badStatus, all)).toBe(badStatus);
});

it.each(['AS4242422222', 'as4242422222', '4242422222', 'b2', 'wg_24002', 'dn42_4242422222'])(
  'finds a session by %s',
  (name) => {
    expect(uuids(name)).toEqual(['b2']);
  },
);

it('finds nothing by another name', () => {
  expect(uuids('AS64512')).toBeUndefined();
});

it('of one session, is as healthy as that session is', () => {
  const healthOf = (session: string) => selectRows(badStatus, { ...all, session })?.health;
  expect(['a1', 'b2', 'c3'].map(healthOf)).toEqual(['ok', 'ok', 'degraded']);
});

it('leaves out what works', () => {
  const rows = selectRows(badStatus, { ...all, problems: true });
  expect([rows?.sessions.map(({ uuid }) => uuid), rows?.mesh]).toEqual([['b2', 'c3'], []]);
  expect(selectRows(goodStatus, { ...all, problems: true })).toMatchObject({ sessions: [], health: 'ok' });
});
