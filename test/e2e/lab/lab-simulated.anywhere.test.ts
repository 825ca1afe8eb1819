import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installForAll } from './installed.js';

// What a plain container can do: no rights, no programs, no namespaces. Some have no other user than root.
const nobody = process.getuid?.() === 0 && hasUser(65_534) ? { uid: 65_534, gid: 65_534 } : {};

/** By the ranges of user_namespaces(7): first here, first outside, how many. */
function hasUser(uid: number): boolean {
  return readFileSync('/proc/self/uid_map', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .some(([first = 0, , count = 0]) => uid >= first && uid < first + count);
}

let installed = '';
let home = '';

beforeAll(async () => {
  installed = await installForAll();
  home = await mkdtemp(join(tmpdir(), 'moenet-agent-empty-'));
});

afterAll(async () => {
  await rm(installed, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
});

/** Runs the lab to its end, as nobody, in an empty directory and with no program to be found. */
async function lab(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(installed, 'dist/main.js'), 'lab', ...args], {
    ...nobody,
    cwd: home,
    env: { PATH: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { stdout, stderr, exitCode };
}

it('lab --simulate needs no rights and no program, shows the scenario, and holds every check', async () => {
  const { stdout, stderr, exitCode } = await lab(
    '--simulate',
    '--once',
    '--json',
    '--nodes',
    '2',
    '--peers',
    '3',
  );
  expect(exitCode, stderr).toBe(0);
  const { simulation, ok, missing, steps, checks, sessions } = JSON.parse(stdout);
  expect(simulation).toEqual({
    why: 'asked for by --simulate',
    notProved: expect.stringContaining('that packets arrive'),
  });
  expect([ok, missing]).toEqual([true, []]);
  expect(steps.filter((step: { ok: boolean }) => !step.ok)).toEqual([]);
  expect(steps.map(({ name }: { name: string }) => name)).toEqual(allSteps);
  expect(checks.filter((check: { ok: boolean }) => !check.ok)).toEqual([]);
  expect(checks.length).toBeGreaterThan(30);
  for (const { daemon, bgpState } of sessions.slice(0, 3))
    expect([daemon, bgpState]).toEqual(['simulated', 'Established']);
  expect(stderr).toMatch(/^SIMULATION: /);
  expect(stderr).toContain('Not proved by a simulation: ');
  expect(stderr).toMatch(/\nsimulation: everything held \(\d+\.\d s\)\n$/);
  // Nothing is left, not even in the directory in which it ran.
  expect(await readdir(home)).toEqual([]);
});

it('takes the dialect, and as many nodes and peers as it is told, and no steps where it is told so', async () => {
  const { stdout, exitCode } = await lab(
    ...['--simulate', '--once', '--json', '--no-steps', '--nodes', '1', '--peers', '2'],
    ...['--dialect', 'moenet-core'],
  );
  expect(exitCode).toBe(0);
  const { dialect, steps, sessions } = JSON.parse(stdout);
  expect([dialect, steps]).toEqual(['moenet-core', []]);
  expect(sessions).toHaveLength(2);
});

const allSteps = [
  'add a session',
  'delete a session',
  'refuse one session of two',
  'disable a session by hand',
  'enable the session again',
  'delete both sessions',
  'refuse a hostile peer',
  'delete the hostile session',
  'change the whole policy',
  'change an endpoint',
  'edit a session',
  'edit its preshared key',
  'delete a tunnel by hand',
  'set a wrong MTU by hand',
  'remove an address by hand',
  "switch off BIRD's kernel protocol by hand",
  'a peer goes away',
  'the peer comes back',
  'the control plane goes away',
  'the control plane comes back',
  'start the agent again',
  'maintenance on',
  'maintenance off',
  'change the dialect in flight',
];
