import { chmod, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../src/platform/exec.js';
import { dialect } from './dialect.js';
import { expectAllHeld, expectNothingLeft } from './held-lab.js';
import { type LabProcess, machineState, startLab, until } from './lab-process.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];

let installed = '';
let lab: LabProcess | undefined;

beforeEach(async () => {
  installed = await mkdtemp(join(tmpdir(), 'moenet-agent-installed-'));
  await chmod(installed, 0o755);
  await installInto(installed);
});

afterEach(async () => {
  lab?.process.kill('SIGKILL');
  await lab?.exit;
  await rm(installed, { recursive: true, force: true });
});

it('a lab of an unprivileged user converges, holds every check, stays with --keep, and leaves nothing behind', async () => {
  const before = await machineState();
  const command = [process.execPath, join(installed, 'dist/main.js'), 'lab', '--keep', '--json'];
  const size = ['--dialect', dialect, '--nodes', '2', '--peers', '3'];
  lab = await startLab('setpriv', [...nobody, ...command, ...size], '/');
  const { stderr } = lab;
  await until('the hint', () => stderr().includes('To look inside'), 400_000);
  expectAllHeld(lab);
  expect(await statusBy(stderr())).toContain('4242421000');
  lab.process.kill('SIGINT');
  expect(await lab.exit).toBe(130);
  await expectNothingLeft(lab, before);
  expect((await readdir(installed)).sort()).toEqual(['dist', 'package.json', 'templates']);
});

/** What the line prints, to the user whose lab it is, that the hint gives for looking at a node. */
async function statusBy(hint: string): Promise<string> {
  const line = hint.split('\n').find((text) => text.includes(' status -c ')) ?? '';
  return (await run('setpriv', [...nobody, ...line.trim().split(' ')])).stdout;
}

/** What the package installs, which needs nothing else: the checkout itself may be closed to other users. */
async function installInto(directory: string): Promise<void> {
  for (const path of ['dist', 'templates', 'package.json'])
    await cp(join(project, path), join(directory, path), { recursive: true });
}
