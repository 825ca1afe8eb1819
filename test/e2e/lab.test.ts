import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { dialect } from './dialect.js';
import { expectAllHeld, expectNothingLeft } from './held-lab.js';
import { allChecks, allTreatments } from './lab-outcome.js';
import { type LabProcess, machineState, processesIn, startLab, until } from './lab-process.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const main = join(project, 'dist/main.js');

let lab: LabProcess | undefined;

afterEach(async () => {
  lab?.process.kill('SIGKILL');
  await lab?.exit;
  lab = undefined;
});

async function start(...args: readonly string[]): Promise<LabProcess> {
  lab = await startLab(process.execPath, [main, 'lab', '--dialect', dialect, ...args], project);
  return lab;
}

describe('moenet-agent lab', () => {
  it('converges, holds every check, draws itself and leaves nothing else behind', async () => {
    const before = await machineState();
    const drawing = join(await mkdtemp(join(tmpdir(), 'moenet-agent-drawn-')), 'lab.svg');
    const started = await start('--once', '--json', '--topology', drawing);
    const exitCode = await started.exit;
    const { checks, peers } = expectAllHeld(started);
    expect(exitCode, started.stderr()).toBe(0);
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
});
