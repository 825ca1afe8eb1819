import { writeFile } from 'node:fs/promises';
import { MissingProgramsError } from '../lab/ensure-programs.js';
import { enterNamespaces, exitCodeInside, followOutside, isInside } from '../lab/enter-namespaces.js';
import { type LabIo, type LabOptions, runLab } from '../lab/lab.js';
import { CannotRunError } from '../lab/own-namespaces.js';
import { servePageFromInside } from '../lab/page/page-from-inside.js';
import { ensureLab } from '../lab/programs.js';
import { mostNodes } from '../lab/scenario/node-spec.js';
import { mostPeers } from '../lab/scenario/peer-spec.js';
import { makeScenario } from '../lab/scenario/scenario.js';
import { drawTopology } from '../lab/topology/topology.js';
import { exitCodes } from './commands.js';
import { toJson } from './terminal/text.js';

/**
 * `moenet-agent lab`: draws the network if asked to, checks the programs, starts this same command again in its own
 * namespaces, and runs the lab there. Where that cannot be, or the user says so, it runs on simulated hosts.
 * @returns the exit code: 0 converged and checked, 1 not, 64 for options that cannot be, 130 after Ctrl-C
 */
export async function labCommand(options: LabOptions, io: LabIo): Promise<number> {
  if (isInside()) return runInside(options, io);
  const problem =
    portProblem(options.pagePort) ??
    outOfRange('nodes', options.nodes, mostNodes) ??
    outOfRange('peers', options.peers, mostPeers) ??
    (options.simulate && options.keep ? keepsNothing : undefined);
  if (problem !== undefined) {
    io.stderr.write(`moenet-agent: ${problem}. Try 'moenet-agent lab --help'.\n`);
    return exitCodes.usage;
  }
  if (options.topology !== undefined) await drawInto(options.topology, options);
  const why = options.simulate ? 'asked for by --simulate' : await whySimulated(options, io);
  if (why !== undefined) return simulate(options, io, why);
  const page = hasPage(options) ? await servePageFromInside(options.pagePort ?? 0) : undefined;
  if (page) (options.json ? io.stderr : io.stdout).write(`The lab's page: ${page.address}\n`);
  return enterNamespaces(page);
}

const keepsNothing =
  '--keep is for looking inside, and a simulation has no inside; without --once it goes on until Ctrl-C by itself';

/** Why this machine cannot have the lab, after a line that says so; undefined where it can. Throws where a program is missing. */
async function whySimulated({ keep }: LabOptions, io: LabIo): Promise<string | undefined> {
  const say = (text: string) => io.stderr.write(`${text}\n`);
  try {
    await ensureLab(say);
    return undefined;
  } catch (error) {
    if (error instanceof MissingProgramsError)
      throw new Error(`${error.message}. Without them: moenet-agent lab --simulate`, { cause: error });
    // Who wants to look inside is not served by a simulation.
    if (!(error instanceof CannotRunError) || keep) throw error;
    say(`The lab cannot run on this machine: ${error.message}. Here is a simulation of it.`);
    return `the lab cannot run here: ${error.message}`;
  }
}

async function simulate(options: LabOptions, io: LabIo, why: string): Promise<number> {
  const { simulateLab } = await import('../lab/simulated/simulate-lab.js');
  const exitCode = await simulateLab(options, io, why);
  // What was interrupted may still wait for something.
  if (exitCode === 130) process.exit(exitCode);
  return exitCode;
}

/** Who only wants the outcome gets a page only by asking for its port. */
function hasPage({ page, pagePort, once, json }: LabOptions): boolean {
  return page !== false && (pagePort !== undefined || !(once || json));
}

async function drawInto(file: string, { nodes, peers }: LabOptions): Promise<void> {
  await writeFile(file, drawTopology(makeScenario(nodes, peers)));
}

function outOfRange(name: string, value: number | undefined, most: number): string | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return undefined;
  return `--${name} is a number from 1 to ${most}`;
}

function portProblem(port: number | undefined): string | undefined {
  return port === undefined || port <= 65_535 ? undefined : '--page-port is a number from 0 to 65535';
}

/** When the first process in the namespaces ends, all others end; nobody else waits for them. */
async function runInside(options: LabOptions, io: LabIo): Promise<never> {
  const machinePid = followOutside();
  try {
    const exitCode = await runLab(options, io, machinePid);
    process.exit(exitCode === 0 ? 0 : exitCodeInside);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    io.stderr.write(`moenet-agent: ${message}\n`);
    if (options.json) io.stdout.write(toJson({ error: message }));
    process.exit(exitCodeInside);
  }
}
