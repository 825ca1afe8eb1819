import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../../src/platform/exec.js';

const shipped = fileURLToPath(new URL('../../../systemd', import.meta.url));
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-unit-'));
  await cp(shipped, directory, { recursive: true });
  // The agent itself is not installed on the machine that runs the tests.
  for (const name of await unitNames()) {
    const text = await readFile(join(directory, name), 'utf8');
    await writeFile(join(directory, name), text.replace(/^(Exec\w+=[+:-]*)moenet-agent/gm, '$1/bin/true'));
  }
});

afterAll(() => rm(directory, { recursive: true }));

it('are units that systemd has nothing to say against', async () => {
  const units = (await unitNames()).map((name) => join(directory, name.replace('@.', '@1.')));
  // systemd-analyze takes an instance by the name of its template.
  for (const name of (await unitNames()).filter((each) => each.includes('@.')))
    await cp(join(directory, name), join(directory, name.replace('@.', '@1.')));
  const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', ...units]);
  expect(stdout + stderr).toBe('');
});

it('are found wanting where a line is wrong', async () => {
  const bad = join(directory, 'bad.service');
  const text = await readFile(join(directory, 'moenet-agent.service'), 'utf8');
  await writeFile(bad, text.replace('KillMode=process', 'KillMode=sometimes'));
  const { stderr } = await run('systemd-analyze', ['verify', bad]);
  expect(stderr).toContain('Failed to parse kill mode');
  await rm(bad);
});

it.each([
  ['moenet-agent.service', 18],
  ['moenet-agent-once.service', 18],
  ['moenet-agent-wireguard@.service', 18],
])('%s exposes the machine no more than %d tenths', async (name, tenths) => {
  const args = ['security', '--offline=true', `--threshold=${tenths}`, join(directory, name)];
  const { stdout } = await run('systemd-analyze', args);
  expect(stdout).toContain('Overall exposure level');
});

it('one run has the same rights as the daemon', async () => {
  const [daemon, once] = await Promise.all(
    ['moenet-agent.service', 'moenet-agent-once.service'].map(async (name) => linesOf(name)),
  );
  const own = /^(Type|NotifyAccess|Exec|Restart|Timeout|Watchdog|SyslogIdentifier)/;
  const rights = (lines: readonly string[] = []) => lines.filter((line) => !own.test(line));
  expect(rights(once)).toEqual(rights(daemon));
});

it('leaves the agent what it works with', async () => {
  const lines = await linesOf('moenet-agent.service');
  for (const line of [
    'User=moenet-agent',
    'Group=bird',
    'Type=notify',
    'NotifyAccess=main',
    'Restart=always',
    'WatchdogSec=300',
    'AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW',
    'CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW',
  ])
    expect(lines).toContain(line);
  const text = await readFile(join(shipped, 'moenet-agent.service'), 'utf8');
  expect(text).toMatch(/^After=.*network-online\.target.*bird\.service/m);
});

async function unitNames(): Promise<string[]> {
  return (await readdir(shipped)).filter((name) => /\.(service|socket)$/.test(name));
}

/** The settings of the section [Service]. */
async function linesOf(name: string): Promise<string[]> {
  const text = await readFile(join(shipped, name), 'utf8');
  const section = /^\[Service\]\n([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(text)?.[1] ?? '';
  return section.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
