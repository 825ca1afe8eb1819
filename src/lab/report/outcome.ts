import type { CheckResult } from '../checks/checks.js';
import type { Dialect } from '../control-plane/dialect.js';
import { logTail } from '../hosts/node-host.js';
import type { Lab } from '../running-lab.js';
import type { StepResult } from '../steps/steps.js';
import type { Paint } from './paint.js';
import { renderTreatments } from './policy-report.js';
import { seconds } from './progress.js';
import { renderChecks } from './report.js';
import type { Row } from './rows.js';
import type { Treatment } from './treatment.js';

/** The outcome, as `--json` prints it. */
export interface LabResult {
  /** What the control plane spoke at first. */
  readonly dialect: Dialect;
  /** The versions of BIRD that nodes and peers run. */
  readonly bird: readonly string[];
  /** Of FRR, which a peer runs; empty where there is none. */
  readonly frr: readonly string[];
  readonly ok: boolean;
  readonly seconds: number;
  /** What never came true after the start. */
  readonly missing: readonly string[];
  readonly sessions: readonly Row[];
  readonly peers: readonly Treatment[];
  readonly steps: readonly StepResult[];
  readonly checks: readonly CheckResult[];
}

/** How each peer was treated, the checks, and where something is wrong the end of the logs of the nodes it is wrong on. */
export async function renderOutcome(lab: Lab, result: LabResult, paint: Paint): Promise<string> {
  const parts = [`\n${renderTreatments(result.peers, paint)}\n`, renderChecks(result.checks, paint)];
  for (const { done, missing, disturbed } of result.steps.filter(({ ok }) => !ok)) {
    parts.push(
      `${paint('red', '✗')} ${done}: ${[...missing, ...disturbed.map((name) => `${name} was reset`)].join('; ')}`,
    );
  }
  for (const what of result.missing) parts.push(`${paint('red', '✗')} never seen: ${what}`);
  const ended = lab.endedAgents();
  for (const { spec, agent } of lab.nodes.filter((node) => ended.includes(node.spec.name)))
    parts.push(
      `${paint('red', '✗')} ${spec.name}: the agent ended (exit code ${agent.exitCode ?? agent.signalCode})`,
    );
  const suspects = result.ok ? [] : lab.nodes;
  for (const node of suspects)
    parts.push(paint('bold', `the end of ${node.spec.name}'s log:`), await logTail(node, 15));
  parts.push(
    `${result.ok ? paint('green', 'everything held') : paint('red', 'not everything held')} (${seconds(result.seconds * 1000)})`,
  );
  return `${parts.join('\n')}\n`;
}
