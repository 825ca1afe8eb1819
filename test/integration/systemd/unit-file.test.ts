import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../../src/platform/exec.js';

let directory = '';
let unit = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-unit-'));
  unit = join(directory, 'moenet-agent.service');
  const text = await readFile(new URL('../../../systemd/moenet-agent.service', import.meta.url), 'utf8');
  // The agent itself is not installed on the machine that runs the tests.
  await writeFile(unit, text.replace('ExecStart=moenet-agent', 'ExecStart=/bin/true'));
});

afterAll(() => rm(directory, { recursive: true }));

it('is a unit that systemd has nothing to say against', async () => {
  const { stdout, stderr } = await run('systemd-analyze', ['verify', unit]);
  expect(stdout + stderr).toBe('');
});

it('is found wanting where a line is wrong', async () => {
  const bad = join(directory, 'bad.service');
  await writeFile(bad, (await readFile(unit, 'utf8')).replace('KillMode=process', 'KillMode=sometimes'));
  const { stderr } = await run('systemd-analyze', ['verify', bad]);
  expect(stderr).toContain('Failed to parse kill mode');
});

it('exposes the machine little', async () => {
  const args = ['security', '--offline=true', '--threshold=35', unit];
  const { stdout } = await run('systemd-analyze', args);
  expect(stdout).toContain('Overall exposure level');
});

it('leaves the agent what it works with', async () => {
  const text = await readFile(unit, 'utf8');
  for (const line of [
    'Type=notify',
    'NotifyAccess=all',
    'Restart=always',
    'KillMode=process',
    'WatchdogSec=300',
    'DeviceAllow=/dev/net/tun rw',
    'RuntimeDirectoryPreserve=yes',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).toMatch(/^After=.*network-online\.target.*bird\.service/m);
  expect(text).toMatch(/^CapabilityBoundingSet=.*CAP_NET_ADMIN/m);
});
