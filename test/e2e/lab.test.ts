import { access, chmod, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/platform/exec.js';
import { dialect } from './agent-node.js';
import { allChecks, allSteps, allTreatments, type Result } from './lab-outcome.js';
import { type LabProcess, machineState, processesIn, startLab, until } from './lab-process.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const main = join(project, 'dist/main.js');

let lab: LabProcess | undefined;

beforeAll(async () => {
  const built = await access(main).then(
    () => true,
    () => false,
  );
  if (!built) await run('npm', ['run', '--prefix', project, 'build'], { timeoutMs: 120_000 });
});

afterEach(async () => {
  lab?.process.kill('SIGKILL');
  await lab?.exit;
  lab = undefined;
});

async function start(...args: readonly string[]): Promise<LabProcess> {
  lab = await startLab(process.execPath, [main, 'lab', '--dialect', dialect, ...args], project);
  return lab;
}

function expectAllHeld(started: LabProcess, exitCode: number | null): Result {
  const result: Result = JSON.parse(started.stdout() || '{"checks":[],"steps":[]}');
  const failed = result.checks.filter(({ ok }) => !ok).map(({ name, seen }) => `${name}: ${seen}`);
  expect(failed, started.stderr()).toEqual([]);
  expect(result.missing).toEqual([]);
  expect(result.dialect).toBe(dialect);
  expect(result.steps.map(({ name, ok }) => [name, ok])).toEqual(allSteps.map((name) => [name, true]));
  expect(exitCode, started.stderr()).toBe(0);
  return result;
}

async function expectNothingLeft({ pidNamespace }: LabProcess, before: unknown): Promise<void> {
  await until('the lab’s processes to end', async () => (await processesIn(pidNamespace)).length === 0);
  expect(await machineState()).toEqual(before);
}

describe('moenet-agent lab', () => {
  it('converges, holds every check, draws itself and leaves nothing else behind', async () => {
    const before = await machineState();
    const drawing = join(await mkdtemp(join(tmpdir(), 'moenet-agent-drawn-')), 'lab.svg');
    const started = await start('--once', '--json', '--topology', drawing);
    const { checks, peers } = expectAllHeld(started, await started.exit);
    expect(started.stderr()).toContain(`control plane: http://198.51.100.1:8080, the ${dialect} dialect`);
    expect(checks.map(({ name }) => name)).toEqual(allChecks);
    expect(peers).toEqual(allTreatments);
    await expectNothingLeft(started, before);
    expect(await readFile(drawing, 'utf8')).toContain('>AS4242421000</text>');
    await rm(dirname(drawing), { recursive: true });
  });

  it('ends at once and leaves nothing behind when it is interrupted', async () => {
    const before = await machineState();
    const started = await start('--once');
    await until('the agents to run', () => started.stdout().includes('the agent run'));
    expect(await processesIn(started.pidNamespace)).not.toEqual([]);
    started.process.kill('SIGINT');
    expect(await started.exit).toBe(130);
    expect(await processesIn(started.pidNamespace)).toEqual([]);
    await expectNothingLeft(started, before);
  });

  it('leaves nothing behind when it is killed', async () => {
    const before = await machineState();
    const started = await start('--once');
    await until('the agents to run', () => started.stdout().includes('the agent run'));
    started.process.kill('SIGKILL');
    await started.exit;
    await expectNothingLeft(started, before);
  });

  it('says how to look inside, and stays, with --keep', async () => {
    const started = await start('--keep', '--nodes', '1', '--peers', '1');
    // An agent asks what is spoken once a minute at most: a small lab waits for that in its last step.
    await until('the hint', () => started.stdout().includes('To look inside'), 120_000);
    const line =
      started
        .stdout()
        .split('\n')
        .find((text) => text.includes(' status -c ')) ?? '';
    const [program = '', ...args] = line.trim().split(' ');
    expect((await run(program, args)).stdout).toContain('4242421000');
    started.process.kill('SIGINT');
    expect(await started.exit).toBe(130);
  });
});

describe('moenet-agent lab of an unprivileged user', () => {
  const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
  let installed = '';

  beforeAll(async () => {
    installed = await mkdtemp(join(tmpdir(), 'moenet-agent-installed-'));
    await chmod(installed, 0o755);
    await installInto(installed);
  });

  afterEach(() => rm(installed, { recursive: true, force: true }));

  it('converges, holds every check and leaves nothing behind', async () => {
    const before = await machineState();
    const command = [process.execPath, join(installed, 'dist/main.js'), 'lab', '--once', '--json'];
    const size = ['--dialect', dialect, '--nodes', '2', '--peers', '3'];
    const started = await startLab('setpriv', [...nobody, ...command, ...size], '/');
    lab = started;
    expectAllHeld(started, await started.exit);
    await expectNothingLeft(started, before);
    expect((await readdir(installed)).sort()).toEqual(['dist', 'node_modules', 'package.json', 'templates']);
  });

  /** What the package installs: the checkout itself may be closed to other users. */
  async function installInto(directory: string): Promise<void> {
    const lock = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8'));
    const modules = Object.entries<{ dev?: boolean }>(lock.packages).filter(
      ([path, { dev }]) => path !== '' && !dev,
    );
    for (const path of ['dist', 'templates', 'package.json', ...modules.map(([module]) => module)]) {
      await cp(join(project, path), join(directory, path), { recursive: true });
    }
  }
});
