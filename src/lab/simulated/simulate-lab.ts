import { setTimeout as sleep } from 'node:timers/promises';
import { waitInLab } from '../any-lab.js';
import { checkLab } from '../checks/checks.js';
import { convergence, establishedCondition } from '../converge.js';
import type { LabIo, LabOptions } from '../lab.js';
import type { LabPage } from '../page/serve-lab-page.js';
import { serveLabPage } from '../page/serve-lab-page.js';
import { makePaint } from '../report/paint.js';
import { makeProgress } from '../report/progress.js';
import { renderTable } from '../report/report.js';
import { sessionRows } from '../report/rows.js';
import { demonstrate } from '../steps/steps.js';
import { type Tell, toldProgress } from '../tell.js';
import { tellChanges } from '../tell-look.js';
import type { WaitResult } from '../wait.js';
import { simulatedChecks } from './simulated-checks.js';
import { connectPeers, type SimulatedLab, simulatedScenario, startSimulatedLab } from './simulated-lab.js';
import { notProved, renderSimulated, type SimulatedResult } from './simulated-outcome.js';
import { demonstration } from './steps/demonstration.js';

/**
 * The lab on simulated hosts, in this process, from its start to its end.
 * @param why why it is not the one in namespaces, in words
 * @returns the exit code: 0 where everything held, 130 after Ctrl-C
 */
export async function simulateLab(options: LabOptions, io: LabIo, why: string): Promise<number> {
  const startedAtMs = Date.now();
  const output = options.json ? io.stderr : io.stdout;
  const paint = makePaint(output.isTTY === true, process.env);
  const { dialect = 'documented', steps: withSteps = true } = options;
  output.write(
    `${paint('bold', 'SIMULATION')}: real agents and control plane; machines, BIRD, WireGuard and peers are simulated\n(${why}).\n`,
  );
  const scenario = simulatedScenario(options.nodes, options.peers);
  const lab: { running?: SimulatedLab } = {};
  const page = await openPage(options, lab);
  if (page) output.write(`The lab's page: ${page.address}\n`);
  const tell: Tell = page?.tell ?? (() => {});
  tell({ kind: 'simulation', why, notProved });
  const interrupted = untilInterrupted();
  const shown = async (): Promise<number> => {
    const progress = toldProgress(makeProgress(output, startedAtMs), tell, startedAtMs);
    const running = await startSimulatedLab(
      scenario,
      dialect,
      { startedAtMs, progress, tell },
      tellChanges(tell),
    );
    lab.running = running;
    const converged = await converge(running);
    const establishedAfterMs = establishedTimes(running, converged);
    output.write(`\n${renderTable(sessionRows(running, establishedAfterMs), paint)}\n\n`);
    const steps = converged.ok && withSteps ? await demonstrate(running, demonstration(running)) : [];
    const checks = await checkLab(
      running,
      simulatedChecks(running, steps.length > 0),
      steps.flatMap((step) => step.checks),
    );
    const recoveries = steps.flatMap(({ recovery }) => recovery ?? []);
    const rows = () => sessionRows(running, establishedAfterMs, recoveries);
    const result: SimulatedResult = {
      simulation: { why, notProved },
      dialect,
      ok: converged.ok && steps.every(({ ok }) => ok) && checks.every(({ ok }) => ok),
      seconds: (Date.now() - startedAtMs) / 1000,
      missing: converged.missing,
      sessions: rows(),
      steps,
      checks,
    };
    tell({ kind: 'result', ok: result.ok, seconds: result.seconds });
    output.write(renderSimulated(running, result, paint));
    if (options.json) io.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    if (!options.once && !options.json) {
      const how = `Ctrl-C ends the simulation.${page ? ` Its page: ${page.address}` : ''}\n`;
      output.write(`\nThe simulation goes on. ${how}`);
      await goOn(running, () => progress.show(`${renderTable(rows(), paint)}\n\n${how}`));
    }
    return result.ok ? 0 : 1;
  };
  let end = 'it ended early; see the terminal';
  try {
    const exitCode = await Promise.race([shown(), interrupted]);
    end = endOf(exitCode);
    return exitCode;
  } finally {
    await page?.end(end);
    await lab.running?.close();
  }
}

async function openPage(
  { page, pagePort, once, json }: LabOptions,
  lab: { readonly running?: SimulatedLab },
): Promise<LabPage | undefined> {
  // Who only wants the outcome gets a page only by asking for its port.
  if (page === false || (pagePort === undefined && (once || json))) return undefined;
  return serveLabPage(pagePort ?? 0, (name, path, request) =>
    lab.running?.nodes.find(({ spec }) => spec.name === name)?.page.ask(path, request),
  );
}

async function converge(lab: SimulatedLab): Promise<WaitResult> {
  const connected = await connectPeers(lab);
  if (!connected.ok) return connected;
  const result = await waitInLab(lab, convergence(lab));
  lab.progress.say(result.ok ? 'converged' : `not converged: ${result.missing.join('; ')}`);
  return result;
}

function establishedTimes(lab: SimulatedLab, { heldAfterMs }: WaitResult): Map<number, number> {
  return new Map(
    lab.peers.flatMap(({ spec }) => {
      const ms = heldAfterMs.get(establishedCondition(lab, spec).what);
      return ms === undefined ? [] : [[spec.asn, ms] as const];
    }),
  );
}

async function goOn(lab: SimulatedLab, show: () => void): Promise<never> {
  await sleep(5000);
  for (;;) {
    await lab.look();
    show();
    await sleep(1000);
  }
}

function untilInterrupted(): Promise<130> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(130));
  });
}

function endOf(exitCode: number): string {
  if (exitCode === 130) return 'it was interrupted';
  return exitCode === 0 ? 'all was shown and checked' : 'not everything held; the terminal says why';
}
