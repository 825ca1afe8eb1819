import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { run } from '../../../src/platform/exec.js';
import { connectServiceManager } from '../../../src/platform/service-manager.js';
import { openFakeSystemd } from '../../fakes/systemd.js';
import { patiently } from '../../patiently.js';

let directory = '';
let systemd: Awaited<ReturnType<typeof openFakeSystemd>>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-notify-'));
  systemd = await openFakeSystemd(join(directory, 'notify'));
});

afterEach(async () => {
  await systemd.close();
  await rm(directory, { recursive: true });
});

it('speaks to systemd through the real systemd-notify', async () => {
  const env = { NOTIFY_SOCKET: join(directory, 'notify') };
  const errors: unknown[] = [];
  const manager = connectServiceManager(env, run, (error) => errors.push(error));
  await manager.ready();
  await manager.status('2 sessions, all established');
  await manager.reloading();
  await manager.stopping();
  expect(errors).toEqual([]);
  await vi.waitFor(
    () =>
      expect(systemd.told().map((line) => line.replace(/=\d{5,}/, '=N'))).toEqual([
        'READY=1',
        'STATUS=2 sessions, all established',
        'RELOADING=1',
        'MONOTONIC_USEC=N',
        'STOPPING=1',
      ]),
    patiently,
  );
});
