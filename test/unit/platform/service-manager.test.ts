import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

it('keeps the order, however long each message takes', async () => {
  const { run, told } = machine([20, 1]);
  const manager = connectServiceManager({ NOTIFY_SOCKET: '/run/n' }, run, fail);
  await Promise.all([manager.status('first'), manager.status('second')]);
  expect(told).toEqual(['/run/n systemd-notify STATUS=first', '/run/n systemd-notify STATUS=second']);
});

it('sends a status line once, until it changes', async () => {
  const { run, told } = machine();
  const manager = connectServiceManager({ NOTIFY_SOCKET: '/run/n' }, run, fail);
  for (const line of ['12 of 12 sessions up', '12 of 12 sessions up', '11 of 12 sessions up'])
    await manager.status(line);
  await manager.status('12 of 12 sessions up');
  expect(told.map((line) => line.replace(/^.*STATUS=/, ''))).toEqual([
    '12 of 12 sessions up',
    '11 of 12 sessions up',
    '12 of 12 sessions up',
  ]);
});

it('does nothing without systemd', async () => {
  const { run, told } = machine();
  const manager = connectServiceManager({ WATCHDOG_USEC: '1000000' }, run, fail);
  await manager.ready();
  manager.progress();
  await manager.stopping();
  expect(told).toEqual([]);
});

it('takes the names out of the environment, so that no child inherits them', () => {
  const env = { NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: '1', WATCHDOG_PID: '2', PATH: '/bin' };
  connectServiceManager(env, machine().run, fail);
  expect(env).toEqual({ PATH: '/bin' });
});

describe('the watchdog', () => {
  const env = (ms: number) => ({
    NOTIFY_SOCKET: '/run/n',
    WATCHDOG_USEC: String(ms * 1000),
    WATCHDOG_PID: String(process.pid),
  });
  const keptQuiet = (told: readonly string[]) => told.filter((line) => line.endsWith('WATCHDOG=1'));

  it('resets the watchdog on progress only', async () => {
    const { run, told } = machine();
    const manager = connectServiceManager(env(20), run, fail);
    await manager.ready();
    await sleep(60);
    expect(keptQuiet(told)).toEqual([]);
    manager.progress();
    await vi.waitFor(() => expect(keptQuiet(told)).toHaveLength(1), patiently);
  });

  it('gets at most four messages per watchdog interval, however often there is progress', async () => {
    const { run, told } = machine();
    const patient = connectServiceManager(env(40_000), run, fail);
    for (let calls = 0; calls < 10; calls++) patient.progress();
    await patient.ready();
    expect(keptQuiet(told)).toHaveLength(1);
    const quick = connectServiceManager(env(40), run, fail);
    quick.progress();
    await sleep(20);
    quick.progress();
    await quick.ready();
    expect(keptQuiet(told)).toHaveLength(3);
  });

  it('gets no message once the daemon stops', async () => {
    const { run, told } = machine();
    const manager = connectServiceManager(env(1), run, fail);
    await manager.stopping();
    manager.progress();
    await sleep(20);
    expect(told).toEqual(['/run/n systemd-notify STOPPING=1']);
  });

  it.each([{ WATCHDOG_USEC: '1000', WATCHDOG_PID: '1' }, { WATCHDOG_USEC: 'soon' }, {}])(
    'is not for this process with %j',
    async (others) => {
      const { run, told } = machine();
      const manager = connectServiceManager({ NOTIFY_SOCKET: '/run/n', ...others }, run, fail);
      await manager.ready();
      manager.progress();
      await manager.stopping();
      expect(keptQuiet(told)).toEqual([]);
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

it('writes to the open socket that the unit gives it, and starts no program', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'moenet-notify-'));
  const path = join(directory, 'notified');
  const descriptor = openSync(path, 'w');
  const env = { NOTIFY_SOCKET: '/run/systemd/notify', MOENET_NOTIFY_FD: String(descriptor) };
  const manager = connectServiceManager(env, neverRun, (error) => {
    throw error;
  });
  await manager.ready();
  expect(readFileSync(path, 'utf8')).toBe('READY=1');
  expect(env).toEqual({});
  closeSync(descriptor);
  rmSync(directory, { recursive: true });
});

function neverRun(): never {
  throw new Error('a program was started');
}
