import { chmod, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Namespace } from '../../src/lab/namespace.js';
import { run } from '../../src/platform/exec.js';
import { expectAllHeld, expectNothingLeft } from './held-lab.js';
import { type LabProcess, machineState, openMachine, startLab, until } from './lab-process.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];

let installed = '';
let machine: Namespace;
let lab: LabProcess | undefined;

beforeEach(async () => {
  installed = await mkdtemp(join(tmpdir(), 'moenet-agent-installed-'));
  await chmod(installed, 0o755);
  await installInto(installed);
  machine = await openMachine();
  await machine.run('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/dev/net']);
});

afterEach(async () => {
  lab?.process.kill('SIGKILL');
  await lab?.exit;
  await machine.close();
  await rm(installed, { recursive: true, force: true });
});

/** Has /dev/net/tun with this mode: on most machines everybody may open it, on some only root. */
async function makeTunDevice(mode: string): Promise<void> {
  await machine.run('mknod', ['-m', mode, '/dev/net/tun', 'c', '10', '200']);
}

/** The lab's command line, as that user calls it. */
function command(...args: readonly string[]): string[] {
  return [...nobody, process.execPath, join(installed, 'dist/main.js'), 'lab', ...args];
}

it('a lab of an unprivileged user converges, holds every check without steps, stays with --keep, and leaves nothing behind', async () => {
  await makeTunDevice('666');
  const before = await machineState(machine);
  const short = ['--nodes', '1', '--peers', '1', '--no-steps', '--page-port', '0'];
  lab = await startLab(machine, 'setpriv', command('--keep', '--json', ...short));
  const { process: child, stderr } = lab;
  const hasHint = () => {
    if (child.exitCode !== null) throw new Error(`the lab ended with ${child.exitCode}: ${stderr()}`);
    return stderr().includes('To look inside');
  };
  await until('the hint', hasHint, 200_000);
  expectAllHeld(lab, 'documented', []);
  expect(await statusBy(stderr())).toContain('4242421000');
  expect(await nodePageBy(stderr())).toBe('200 true');
  lab.process.kill('SIGINT');
  expect(await lab.exit).toBe(130);
  await expectNothingLeft(machine, lab, before);
  expect((await readdir(installed)).sort()).toEqual(['dist', 'package.json', 'templates']);
});

it.each([
  ['closed', '600', /cannot be opened \(EACCES\): run it as root, or chmod 666 \/dev\/net\/tun\n$/],
  ['absent', undefined, /cannot be opened \(ENOENT\): modprobe tun\n$/],
])('says at once what it needs where /dev/net/tun is %s', async (_, mode, words) => {
  if (mode !== undefined) await makeTunDevice(mode);
  const { exitCode, stdout, stderr } = await machine.run('setpriv', command('--once'), {
    okExitCodes: [1],
  });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(`${stderr}\n`).toMatch(words);
});

/** How the page of the lab answers that it prints, asked on the machine for what the page of a node asks first. */
async function nodePageBy(printed: string): Promise<string> {
  const [, address] = /^The lab's page: (http:\S+)$/m.exec(printed) ?? [];
  const ask = `const answer = await fetch('${address}nodes/jp1/page/session');
    console.log(answer.status, (await answer.json()).signedIn);`;
  const { stdout } = await machine.run(process.execPath, ['--input-type=module', '-e', ask]);
  return stdout.trim();
}

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
