import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectToMachine } from './connect-to-machine.js';
import type { Connection } from './connection.js';
import { projectInside } from './recipe.js';

let connection: Connection;
beforeAll(async () => {
  connection = await connectToMachine();
});
afterAll(() => connection?.close());

interface LabResult {
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly seen?: string }[];
  readonly missing: readonly string[];
}

it('a small lab holds every check on the kernel’s WireGuard, without wireguard-go and without TUN devices', async () => {
  const { run } = connection;
  expect((await run('ls', ['/dev'])).stdout.split('\n')).not.toContain('net');
  const args = ['lab', '--once', '--json', '--no-steps', '--nodes', '1', '--peers', '2'];
  const { stdout, stderr, exitCode } = await run('node', [`${projectInside}/dist/main.js`, ...args], {
    env: { NO_COLOR: '1' },
    okExitCodes: [1],
    timeoutMs: 500_000,
  });
  const { checks = [], ...outcome } = JSON.parse(stdout || '{}') as LabResult;
  const failed = checks.filter(({ ok }) => !ok).map(({ name, seen }) => `${name}: ${seen}`);
  expect({ ...outcome, failed }, stderr).toMatchObject({ missing: [], failed: [] });
  expect(checks.length).toBeGreaterThan(20);
  expect(exitCode, stderr).toBe(0);
  expect((await run('cat', ['/proc/modules'])).stdout).toMatch(/^wireguard /m);
});
