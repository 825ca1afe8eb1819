import type { LabResult } from '../report/outcome.js';
import type { Paint } from '../report/paint.js';
import { seconds } from '../report/progress.js';
import { renderChecks } from '../report/report.js';
import type { Simulation } from '../story/messages.js';
import type { SimulatedLab } from './simulated-lab.js';

/** What this lab cannot show, for a simulated host would only be asked for what it was made to say. */
export const notProved =
  "that BIRD reads the configuration, and what its filters let through; that WireGuard, the kernel's routes and the agent's programs do what they should; that packets arrive";

/** The outcome, as `--json` prints it: that of a lab in namespaces, without what only real hosts can tell. */
export interface SimulatedResult
  extends Pick<LabResult, 'dialect' | 'ok' | 'seconds' | 'missing' | 'sessions' | 'steps' | 'checks'> {
  readonly simulation: Simulation;
}

/** The checks, what went wrong with the end of the logs, and what was not proved. */
export function renderSimulated({ nodes }: SimulatedLab, result: SimulatedResult, paint: Paint): string {
  const cross = paint('red', '✗');
  const failed = result.steps.filter(({ ok }) => !ok);
  const lines = [
    '',
    renderChecks(result.checks, paint),
    ...failed.map(
      ({ done, missing, disturbed }) =>
        `${cross} ${done}: ${[...missing, ...disturbed.map((name) => `${name} was reset`)].join('; ')}`,
    ),
    ...result.missing.map((what) => `${cross} never seen: ${what}`),
    ...nodes.flatMap((node) => {
      const why = node.ended();
      return why === undefined ? [] : [`${cross} ${node.spec.name}: the agent ended (${why})`];
    }),
    ...(result.ok ? [] : nodes).flatMap(({ spec, log }) => [
      paint('bold', `the end of ${spec.name}'s log:`),
      ...log.slice(-15),
    ]),
    `Not proved by a simulation: ${notProved}. The lab in namespaces proves that: npm run lab`,
    `simulation: ${result.ok ? paint('green', 'everything held') : paint('red', 'not everything held')} (${seconds(result.seconds * 1000)})`,
  ];
  return `${lines.join('\n')}\n`;
}
