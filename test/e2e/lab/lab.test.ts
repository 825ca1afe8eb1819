import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Namespace } from '../../../src/lab/namespace.js';
import { expectAllHeld, expectNothingLeft } from './held-lab.js';
import { allChecks, allDaemons, allSteps, allTreatments } from './lab-outcome.js';
import {
  childrenOf,
  firstProcessIn,
  type LabProcess,
  type MachineState,
  machineState,
  openMachine,
  processesIn,
  startLab,
  until,
} from './lab-process.js';

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

let machine: Namespace;
let lab: LabProcess | undefined;
/** The machine's state from before the lab. */
let before: MachineState;

beforeEach(async () => {
  machine = await openMachine();
  before = await machineState(machine);
});

afterEach(async () => {
  lab?.process.kill('SIGKILL');
  await lab?.exit;
  lab = undefined;
  await machine.close();
});

async function start(...args: readonly string[]): Promise<LabProcess> {
  lab = await startLab(machine, process.execPath, [main, 'lab', ...args]);
  return lab;
}

/** What is there to be cleared up, and starts soonest. */
const smallest = ['--once', '--nodes', '1', '--peers', '1'];

describe('moenet-agent lab', () => {
  it('brings up what the bot and the web write, converges, holds every check, draws itself and leaves nothing else behind', async () => {
    const drawing = join(await mkdtemp(join(tmpdir(), 'moenet-agent-drawn-')), 'lab.svg');
    const started = await start('--once', '--json', '--dialect', 'moenet-core', '--topology', drawing);
    const exitCode = await started.exit;
    const { checks, peers, sessions, frr } = expectAllHeld(started, 'moenet-core', allSteps);
    expect(exitCode, started.stderr()).toBe(0);
    expect(started.stderr()).toContain('control plane: http://198.51.100.1:8080, the moenet-core dialect');
    expect(checks.map(({ name }) => name)).toEqual(allChecks);
    expect(peers).toEqual(allTreatments);
    expect(sessions.slice(0, 6).map(({ daemon }) => daemon)).toEqual(allDaemons);
    expect(frr).toEqual([expect.stringMatching(/^\d+\.\d+/)]);
    // From the deletion to Established, WireGuard's handshake included; a default of either side would take a minute.
    const recoveries = sessions.map(({ recoveries: found }) =>
      found.map(({ afterMs }) => (afterMs ?? 60_000) < 45_000),
    );
    expect(recoveries.slice(0, 3)).toEqual([[true], [], [true]]);
    await expectNothingLeft(machine, started, before);
    expect(await readFile(drawing, 'utf8')).toContain('>AS4242421000</text>');
    await rm(dirname(drawing), { recursive: true });
  });

  it('ends at once and leaves nothing behind when it is interrupted', async () => {
    const started = await start(...smallest);
    await until('the agents to run', () => started.stdout().includes('the agent run'));
    expect(await processesIn(started.pidNamespace)).not.toEqual([]);
    started.process.kill('SIGINT');
    expect(await started.exit).toBe(130);
    expect(await processesIn(started.pidNamespace)).toEqual([]);
    await expectNothingLeft(machine, started, before);
  });

  it.each([
    ['its first process inside', (started: LabProcess) => firstProcessIn(started.pidNamespace)],
    ['unshare', async (started: LabProcess) => Number((await childrenOf(String(started.process.pid)))[0])],
  ])('says that it ended early where a signal kills %s', async (_, victim) => {
    const started = await start(...smallest, '--json');
    await until('the agents to run', () => started.stderr().includes('the agent run'));
    process.kill(await victim(started), 'SIGKILL');
    expect(await started.exit).toBe(1);
    expect(started.stderr()).toContain('moenet-agent: the lab ended early (');
    expect(JSON.parse(started.stdout()).error).toContain('the lab ended early');
    await expectNothingLeft(machine, started, before);
  });

  it('leaves nothing behind when it is killed', async () => {
    const started = await start(...smallest);
    await until('the agents to run', () => started.stdout().includes('the agent run'));
    started.process.kill('SIGKILL');
    await started.exit;
    await expectNothingLeft(machine, started, before);
  });
});
