import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Namespace } from '../../../src/lab/namespace.js';
import { run } from '../../../src/platform/exec.js';
import { expectAllHeld, expectNothingLeft } from './held-lab.js';
import { installForAll } from './installed.js';
import { type LabProcess, machineState, openMachine, startLab, until } from './lab-process.js';

const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];

let installed = '';
let machine: Namespace;
let lab: LabProcess | undefined;

beforeEach(async () => {
  installed = await installForAll();
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

/** The smallest lab, and no steps: what is shown is shown elsewhere. */
const short = ['--once', '--json', '--no-steps', '--nodes', '1', '--peers', '1'];

it.each([
  ['closed', '600', 'cannot be opened (EACCES): run it as root, or chmod 666 /dev/net/tun'],
  ['absent', undefined, 'cannot be opened (ENOENT): modprobe tun'],
])('says what it needs where /dev/net/tun is %s, and shows a simulation', async (_, mode, words) => {
  if (mode !== undefined) await makeTunDevice(mode);
  expectSimulation(await machine.run('setpriv', command(...short), { timeoutMs: 60_000 }), words);
});

it('says what it needs where the kernel makes no namespaces, and shows a simulation', async () => {
  // A user namespace in which the kernel makes no other ones, as in a plain container.
  const limits = ['user', 'net', 'mnt', 'pid'].map((kind) => `/proc/sys/user/max_${kind}_namespaces`);
  const forbid = `for limit in ${limits.join(' ')}; do echo 0 >$limit; done; exec "$@"`;
  const inside = ['--user', '--map-root-user', 'sh', '-c', forbid, 'sh', process.execPath];
  const answer = await machine.run('unshare', [...inside, join(installed, 'dist/main.js'), 'lab', ...short], {
    timeoutMs: 60_000,
  });
  expectSimulation(answer, 'it gives root no namespaces (unshare: unshare failed: No space left on device)');
});

it('has nothing to keep without namespaces, and then says only what it needs', async () => {
  const { exitCode, stdout, stderr } = await machine.run('setpriv', command('--keep'), { okExitCodes: [1] });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(`${stderr}\n`).toMatch(/cannot be opened \(ENOENT\): modprobe tun\n$/);
});

it('says which programs it lacks, and that a simulation needs none', async () => {
  await makeTunDevice('666');
  for (const directory of ['/usr/bin', '/usr/sbin'])
    await machine.run('sh', ['-c', `test ! -e ${directory}/wg || mount --bind /dev/null ${directory}/wg`]);
  const { exitCode, stdout, stderr } = await machine.run('setpriv', command('--once'), { okExitCodes: [1] });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain('wg is not installed: apt-get install');
  expect(`${stderr}\n`).toMatch(/\. Without them: moenet-agent lab --simulate\n$/);
});

/** One line says what is missing, and the outcome is of a simulation in which all held. */
function expectSimulation(
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
  words: string,
): void {
  const [first = '', second] = stderr.split('\n');
  expect(first).toMatch(/^The lab cannot run on this machine: .* Here is a simulation of it\.$/);
  expect(first).toContain(words);
  expect(second).toMatch(/^SIMULATION: /);
  const { simulation, ok } = JSON.parse(stdout);
  expect(ok).toBe(true);
  expect(simulation.why).toContain(words);
}

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
