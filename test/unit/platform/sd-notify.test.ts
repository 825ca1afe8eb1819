import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Run } from '../../../src/platform/exec.js';
import { connectServiceManager } from '../../../src/platform/sd-notify.js';

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
  await manager.ready('2 sessions\nMAINPID=1');
  await manager.status('1 problem');
  await manager.reloading();
  await manager.alive();
  await manager.stopping();
  expect(told.map((line) => line.replace(/\d{5,}$/, 'N'))).toEqual([
    '/run/n systemd-notify READY=1 STATUS=2 sessions MAINPID=1',
    '/run/n systemd-notify STATUS=1 problem',
    '/run/n systemd-notify RELOADING=1 MONOTONIC_USEC=N',
    '/run/n systemd-notify WATCHDOG=1',
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
  await manager.ready('x');
  expect([told, manager.watchdogMs]).toEqual([[], undefined]);
});

it('takes the names out of the environment, so that no child inherits them', () => {
  const env = { NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: '1', WATCHDOG_PID: '2', PATH: '/bin' };
  connectServiceManager(env, machine().run, fail);
  expect(env).toEqual({ PATH: '/bin' });
});

it.each([
  ['180000000', String(process.pid), 180_000],
  ['180000000', undefined, 180_000],
  ['180000000', '1', undefined],
  ['soon', undefined, undefined],
  [undefined, undefined, undefined],
])('has the watchdog of WATCHDOG_USEC=%s WATCHDOG_PID=%s', (usec, pid, expected) => {
  const env = { NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: usec, WATCHDOG_PID: pid };
  expect(connectServiceManager(env, machine().run, fail).watchdogMs).toBe(expected);
});

it('hands on what could not be sent, and goes on', async () => {
  const errors: unknown[] = [];
  const run: Run = () => Promise.reject(new Error('systemd-notify: is not installed'));
  const manager = connectServiceManager({ NOTIFY_SOCKET: '/run/n' }, run, (error) => errors.push(error));
  await manager.ready('x');
  await manager.status('y');
  expect(errors.map(String)).toEqual(Array(2).fill('Error: systemd-notify: is not installed'));
});
