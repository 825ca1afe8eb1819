import { writeFile } from 'node:fs/promises';
import { enterNamespaces, exitCodeInside, followOutside, isInside } from '../lab/enter-namespaces.js';
import { type LabIo, type LabOptions, runLab } from '../lab/lab.js';
import { serveLabPage } from '../lab/page/serve-lab-page.js';
import { ensureLab } from '../lab/programs.js';
import { mostNodes } from '../lab/scenario/node-spec.js';
import { mostPeers } from '../lab/scenario/peer-spec.js';
import { makeScenario } from '../lab/scenario/scenario.js';
import { drawTopology } from '../lab/topology/topology.js';
import { exitCodes } from './commands.js';
import { toJson } from './terminal/text.js';

/**
 * `moenet-agent lab`: draws the network if asked to, checks the programs, starts this same command again in its own
 * namespaces, and runs the lab there.
 * @returns the exit code: 0 converged and checked, 1 not, 64 for numbers out of range, 130 after Ctrl-C
 */
export async function labCommand(options: LabOptions, io: LabIo): Promise<number> {
  if (isInside()) return runInside(options, io);
  const problem =
    portProblem(options.pagePort) ??
    outOfRange('nodes', options.nodes, mostNodes) ??
    outOfRange('peers', options.peers, mostPeers);
  if (problem !== undefined) {
    io.stderr.write(`moenet-agent: ${problem}. Try 'moenet-agent lab --help'.\n`);
    return exitCodes.usage;
  }
  if (options.topology !== undefined) await drawInto(options.topology, options);
  await ensureLab((text) => io.stderr.write(`${text}\n`));
  const page = hasPage(options) ? await serveLabPage(options.pagePort ?? 0) : undefined;
  if (page) (options.json ? io.stderr : io.stdout).write(`The lab's page: ${page.address}\n`);
  return enterNamespaces(page);
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
