import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitInLab } from './any-lab.js';
import { allChecks } from './checks/all-checks.js';
import { checkLab } from './checks/checks.js';
import type { Dialect } from './control-plane/dialect.js';
import { convergence, establishedCondition } from './converge.js';
import { installLine } from './ensure-programs.js';
import type { DaemonKind } from './hosts/bgp-daemon.js';
import { birdVersion, distinct } from './hosts/bird-versions.js';
import { hasFrr } from './programs.js';
import { renderHowToLook } from './report/look-inside.js';
import { type LabResult, renderOutcome } from './report/outcome.js';
import { makePaint, type Paint } from './report/paint.js';
import { makeProgress } from './report/progress.js';
import { renderTable } from './report/report.js';
import { type Row, sessionRows } from './report/rows.js';
import { treatments } from './report/treatment.js';
import type { Lab } from './running-lab.js';
import { makeScenario } from './scenario/scenario.js';
import { connectPeers, startLab } from './start-lab.js';
import { demonstration } from './steps/demonstration.js';
import { demonstrate } from './steps/steps.js';
import { openTell, pageAddress, toldProgress } from './tell.js';
import { tellChanges } from './tell-look.js';
import type { WaitResult } from './wait.js';

export interface LabOptions {
  /** End when all was shown and checked. */
  readonly once?: boolean | undefined;
  /** False: check the converged network, and take none of the steps that change it. */
  readonly steps?: boolean | undefined;
  /** Leave it up after the checks, and say how to look inside. */
  readonly keep?: boolean | undefined;
  /** On simulated hosts, in this process: needs no rights and no programs. */
  readonly simulate?: boolean | undefined;
  /** One JSON document on stdout, and nothing else there. */
  readonly json?: boolean | undefined;
  /** 1 to 8, by default 3. */
  readonly nodes?: number | undefined;
  /** 1 to 24, by default 6. */
  readonly peers?: number | undefined;
  /** What the control plane speaks at first; by default `documented`. The agents are not told. */
  readonly dialect?: Dialect | undefined;
  /** False: no page. */
  readonly page?: boolean | undefined;
  /** The port of the page on this machine; by default, and with 0, a free one. */
  readonly pagePort?: number | undefined;
  /** Where to draw the network, as SVG. */
  readonly topology?: string | undefined;
}

export interface LabIo {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

/**
 * The lab from its start to its end. Must run in namespaces of its own (`enterNamespaces`): it mounts and makes
 * interfaces as it likes, and leaves the clearing up to their end.
 * @param machinePid the process id under which the machine knows this process, for those who want to look inside
 * @returns the exit code: 0 where everything held
 */
export async function runLab(options: LabOptions, io: LabIo, machinePid: Promise<number>): Promise<number> {
  const startedAtMs = Date.now();
  const output = options.json ? io.stderr : io.stdout;
  const paint = makePaint(output.isTTY === true, process.env);
  const { dialect = 'documented', steps: withSteps = true } = options;
  const scenario = makeScenario(options.nodes, options.peers, hasFrr());
  const tell = openTell();
  const progress = toldProgress(makeProgress(output, startedAtMs), tell, startedAtMs);
  // Nobody would take what a look has seen.
  const afterLook = pageAddress() === undefined ? () => {} : tellChanges(tell);
  const lab = await startLab(scenario, dialect, { startedAtMs, progress, tell }, afterLook);
  const converged = await converge(lab);
  const { bird, frr } = await versions(lab);
  lab.progress.say(daemonsLine(bird, frr));
  const establishedAfterMs = establishedTimes(lab, converged);
  output.write(`\n${renderTable(sessionRows(lab, establishedAfterMs), paint)}\n\n`);
  const steps = converged.ok && withSteps ? await demonstrate(lab, demonstration(lab)) : [];
  const recoveries = steps.flatMap(({ recovery }) => recovery ?? []);
  const rows = () => sessionRows(lab, establishedAfterMs, recoveries);
  if (steps.length > 0) output.write(`\n${renderTable(rows(), paint)}\n\n`);
  const checks = await checkLab(
    lab,
    allChecks(lab, withSteps),
    steps.flatMap((step) => step.checks),
  );
  const result: LabResult = {
    dialect,
    bird,
    frr,
    ok: converged.ok && steps.every(({ ok }) => ok) && checks.every(({ ok }) => ok),
    seconds: (Date.now() - startedAtMs) / 1000,
    missing: converged.missing,
    sessions: rows(),
    peers: await treatments(lab),
    steps,
    checks,
  };
  tell({ kind: 'result', ok: result.ok, seconds: result.seconds });
  output.write(await renderOutcome(lab, result, paint));
  if (options.json) io.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  if (options.keep) output.write(renderHowToLook(lab, await machinePid));
  else if (!options.once && !options.json) await showForever(lab, rows, paint, output);
  if (options.keep) await stayUp(lab, output);
  return result.ok ? 0 : 1;
}

/** The versions of all routers, each once. */
async function versions({ nodes, peers }: Lab) {
  const of = (kind: DaemonKind) =>
    Promise.all(peers.filter(({ bgp }) => bgp.kind === kind).map(({ bgp }) => bgp.version()));
  const birds = [...(await Promise.all(nodes.map(birdVersion))), ...(await of('BIRD'))];
  return { bird: distinct(birds), frr: distinct(await of('FRR')) };
}

function daemonsLine(bird: readonly string[], frr: readonly string[]): string {
  const all = `nodes run BIRD ${bird.join(' and ')}; peers run it, too, with its defaults`;
  if (frr.length > 0) return `${all}, and one FRR ${frr.join(' and ')}`;
  return `${all}. None runs FRR${hasFrr() ? ': it takes three peers' : `, which is not installed (${installLine(['vtysh'])})`}`;
}

async function converge(lab: Lab): Promise<WaitResult> {
  const connected = await connectPeers(lab);
  if (!connected.ok) return connected;
  const result = await waitInLab(lab, convergence(lab));
  lab.progress.say(result.ok ? 'converged' : `not converged: ${result.missing.join('; ')}`);
  const beforeMs = connected.tookMs;
  const heldAfterMs = new Map([...result.heldAfterMs].map(([what, ms]) => [what, ms + beforeMs]));
  return { ...result, heldAfterMs };
}

function establishedTimes(lab: Lab, { heldAfterMs }: WaitResult): Map<number, number> {
  const times = new Map<number, number>();
  for (const { spec } of lab.peers) {
    const ms = heldAfterMs.get(establishedCondition(lab, spec).what);
    if (ms !== undefined) times.set(spec.asn, ms);
  }
  return times;
}

/** Keeps it up; where there is a page, it goes on showing what is. */
async function stayUp(lab: Lab, output: Writable): Promise<never> {
  const address = pageAddress();
  if (address === undefined) await new Promise(() => {});
  output.write(`Or in a browser: ${address}\n`);
  for (;;) {
    await lab.look();
    await sleep(1000);
  }
}

/** Redraws the table every second; on anything but a terminal it only waits. */
async function showForever(lab: Lab, rows: () => Row[], paint: Paint, output: Writable): Promise<never> {
  const address = pageAddress();
  const how = `Ctrl-C ends the lab.${address === undefined ? '' : ` Its page: ${address}`}\n`;
  output.write(`\nThe lab stays up. ${how}`);
  await sleep(5000);
  for (;;) {
    await lab.look();
    lab.progress.show(`${renderTable(rows(), paint)}\n\n${how}`);
    await sleep(1000);
  }
}
