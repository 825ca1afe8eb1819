import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkLab } from './checks/checks.js';
import type { Dialect } from './control-plane/dialect.js';
import { convergence, establishedCondition } from './converge.js';
import { birdVersions } from './hosts/bird-versions.js';
import { renderHowToLook } from './report/look-inside.js';
import { type LabResult, renderOutcome } from './report/outcome.js';
import { makePaint, type Paint } from './report/paint.js';
import { makeProgress } from './report/progress.js';
import { renderTable } from './report/report.js';
import { sessionRows } from './report/rows.js';
import { treatments } from './report/treatment.js';
import { type Lab, look, waitInLab } from './running-lab.js';
import { makeScenario } from './scenario/scenario.js';
import { connectPeers, startLab } from './start-lab.js';
import { demonstrate } from './steps/steps.js';
import type { WaitResult } from './wait.js';

export interface LabOptions {
  /** End when all was shown and checked. */
  readonly once?: boolean | undefined;
  /** False: check the converged network, and take none of the steps that change it. */
  readonly steps?: boolean | undefined;
  /** Leave it up after the checks, and say how to look inside. */
  readonly keep?: boolean | undefined;
  /** One JSON document on stdout, and nothing else there. */
  readonly json?: boolean | undefined;
  /** 1 to 8, by default 3. */
  readonly nodes?: number | undefined;
  /** 1 to 24, by default 6. */
  readonly peers?: number | undefined;
  /** What the control plane speaks at first; by default `documented`. The agents are not told. */
  readonly dialect?: Dialect | undefined;
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
  const scenario = makeScenario(options.nodes, options.peers);
  const lab = await startLab(scenario, dialect, makeProgress(output, startedAtMs), startedAtMs);
  const converged = await converge(lab);
  const bird = await birdVersions([...lab.nodes, ...lab.peers]);
  lab.progress.say(`all nodes and peers run BIRD ${bird.join(' and ')}`);
  const establishedAfterMs = establishedTimes(lab, converged);
  output.write(`\n${renderTable(sessionRows(lab, establishedAfterMs), paint)}\n\n`);
  const steps = converged.ok && withSteps ? await demonstrate(lab) : [];
  const checks = [...(await checkLab(lab, withSteps)), ...steps.flatMap((step) => step.checks)];
  const result: LabResult = {
    dialect,
    bird,
    ok: converged.ok && steps.every(({ ok }) => ok) && checks.every(({ ok }) => ok),
    seconds: (Date.now() - startedAtMs) / 1000,
    missing: converged.missing,
    sessions: sessionRows(lab, establishedAfterMs),
    peers: await treatments(lab),
    steps,
    checks,
  };
  output.write(await renderOutcome(lab, result, paint));
  if (options.json) io.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  if (options.keep) output.write(renderHowToLook(lab, await machinePid));
  else if (!options.once && !options.json) await showForever(lab, establishedAfterMs, paint, output);
  if (options.keep) await new Promise(() => {});
  return result.ok ? 0 : 1;
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

/** Redraws the table every second; on anything but a terminal it only waits. */
async function showForever(
  lab: Lab,
  times: ReadonlyMap<number, number>,
  paint: Paint,
  output: Writable,
): Promise<never> {
  output.write('\nThe lab stays up; Ctrl-C ends it.\n');
  await sleep(5000);
  for (;;) {
    await look(lab);
    lab.progress.show(`${renderTable(sessionRows(lab, times), paint)}\n\nCtrl-C ends the lab.\n`);
    await sleep(1000);
  }
}
