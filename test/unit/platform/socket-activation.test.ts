import { expect, it } from 'vitest';
import { takeActivatedSockets } from '../../../src/platform/socket-activation.js';

const own = String(process.pid);

it.each([
  [{ LISTEN_PID: own, LISTEN_FDS: '2', LISTEN_FDNAMES: 'a:b' }, [3, 4]],
  [{ LISTEN_PID: own, LISTEN_FDS: '0' }, []],
  [{ LISTEN_PID: own, LISTEN_FDS: 'x' }, []],
  [{ LISTEN_PID: own, LISTEN_FDS: '-1' }, []],
  [{ LISTEN_PID: own }, []],
  // They are for the program that started this one.
  [{ LISTEN_PID: '1', LISTEN_FDS: '2' }, []],
  [{}, []],
])('%j means the descriptors %j, and no program of the agent sees the variables', (env: Env, descriptors) => {
  const given: Env = { ...env, PATH: '/bin' };
  expect(takeActivatedSockets(given)).toEqual(descriptors);
  expect(given).toEqual({ PATH: '/bin' });
});

it('believes in no more than 64', () => {
  expect(takeActivatedSockets({ LISTEN_PID: own, LISTEN_FDS: '1e9' })).toHaveLength(64);
});

type Env = Record<string, string | undefined>;
