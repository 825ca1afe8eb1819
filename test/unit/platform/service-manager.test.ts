import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Run } from '../../../src/platform/exec.js';
import { connectServiceManager } from '../../../src/platform/service-manager.js';
import { patiently } from '../../patiently.js';

/** A machine whose `systemd-notify` takes `delaysMs`, one after the other, and then writes down what it was told. */
function machine(delaysMs: readonly number[] = []) {
  const told: string[] = [];
  const delays = [...delaysMs];
  const run: Run = async (program, args, options) => {
    await sleep(delays.shift() ?? 0);
    told.push([options?.env?.['NOTIFY_SOCKET'], program, ...args].join(' '));
    return { stdout: '', stderr: '', exitCode: 0 };
  };
  return { run, told };
}

function fail(error: unknown): never {
  throw error;
}

it('tells systemd the states of the daemon', async () => {
  const { run, told } = machine();
  const manager = connectServiceManager({ NOTIFY_SOCKET: '/run/n' }, run, fail);
  await manager.ready();
  await manager.status('1 problem\nMAINPID=1');
  await manager.reloading();
  await manager.stopping();
  expect(told.map((line) => line.replace(/\d{5,}$/, 'N'))).toEqual([
    '/run/n systemd-notify READY=1',
    '/run/n systemd-notify STATUS=1 problem MAINPID=1',
    '/run/n systemd-notify RELOADING=1 MONOTONIC_USEC=N',
    '/run/n systemd-notify STOPPING=1',
  ]);
});

it('keeps the order, whatever each message takes', async () => {
  const { run, told } = machine([20, 1]);
  const manager = connectServiceManager({ NOTIFY_SOCKET: '/run/n' }, run, fail);
  await Promise.all([manager.status('first'), manager.status('second')]);
  expect(told).toEqual(['/run/n systemd-notify STATUS=first', '/run/n systemd-notify STATUS=second']);
});

it('does nothing without systemd', async () => {
  const { run, told } = machine();
  const manager = connectServiceManager({ WATCHDOG_USEC: '1000000' }, run, fail);
  await manager.ready();
  await manager.stopping();
  expect(told).toEqual([]);
});

it('takes the names out of the environment, so that no child inherits them', () => {
  const env = { NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: '1', WATCHDOG_PID: '2', PATH: '/bin' };
  connectServiceManager(env, machine().run, fail);
  expect(env).toEqual({ PATH: '/bin' });
});

describe('the watchdog', () => {
  it('is kept quiet from ready to stopping', async () => {
    const { run, told } = machine();
    const env = { NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: '30000', WATCHDOG_PID: String(process.pid) };
    const manager = connectServiceManager(env, run, fail);
    await manager.ready();
    await vi.waitFor(
      () => expect(told.filter((line) => line.endsWith('WATCHDOG=1')).length).toBeGreaterThan(2),
      patiently,
    );
    await manager.stopping();
    const after = told.length;
    await sleep(30);
    expect(told.slice(after)).toEqual([]);
    expect(told.at(-1)).toContain('STOPPING=1');
  });

  it.each([{ WATCHDOG_USEC: '1000', WATCHDOG_PID: '1' }, { WATCHDOG_USEC: 'soon' }, {}])(
    'is not for this process with %j',
    async (env) => {
      const { run, told } = machine();
      const manager = connectServiceManager({ NOTIFY_SOCKET: '/run/n', ...env }, run, fail);
      await manager.ready();
      await sleep(20);
      await manager.stopping();
      expect(told.filter((line) => line.endsWith('WATCHDOG=1'))).toEqual([]);
    },
  );
});

it('hands on what could not be sent, and goes on', async () => {
  const errors: unknown[] = [];
  const run: Run = () => Promise.reject(new Error('systemd-notify: is not installed'));
  const manager = connectServiceManager({ NOTIFY_SOCKET: '/run/n' }, run, (error) => errors.push(error));
  await manager.ready();
  await manager.status('y');
  expect(errors.map(String)).toEqual(Array(2).fill('Error: systemd-notify: is not installed'));
});
