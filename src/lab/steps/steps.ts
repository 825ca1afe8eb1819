import { type CheckResult, checkOnce } from '../checks/checks.js';
import { bgpConnections, disturbed } from '../hosts/connections.js';
import { seconds } from '../report/progress.js';
import { type Lab, waitInLab } from '../running-lab.js';
import { demonstration } from './demonstration.js';
import type { Step } from './step.js';

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly done: string;
  readonly expected: readonly string[];
  readonly missing: readonly string[];
  /** Other peers, and nodes, with a BGP session that was reset meanwhile. */
  readonly disturbed: readonly string[];
  readonly seconds: number;
  readonly story: readonly string[];
  readonly checks: readonly CheckResult[];
}

/** Takes all steps, one after the other; a step that fails does not stop the next one. */
export async function demonstrate(lab: Lab): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of demonstration(lab)) results.push(await take(lab, step));
  return results;
}

async function take(lab: Lab, step: Step): Promise<StepResult> {
  const { progress } = lab;
  progress.say(`▸ ${step.done}`);
  const before = await bgpConnections(lab);
  const startedAtMs = Date.now();
  const conditions = await step.act();
  const result = await waitInLab(lab, conditions);
  const tookMs = Date.now() - startedAtMs;
  const reset = disturbed(before, await bgpConnections(lab), step.touches);
  const seen = result.ok
    ? conditions.map(({ what }) => what).join('; ')
    : `not seen: ${result.missing.join('; ')}`;
  const others = reset.length === 0 ? 'no other session was disturbed' : `RESET: ${reset.join(', ')}`;
  progress.say(`  ${result.ok ? '✓' : '✗'} ${seconds(tookMs)}: ${seen}; ${others}`);
  const { story, checks } = (await step.after?.(result)) ?? { story: [], checks: [] };
  for (const line of story) progress.say(`    ${line}`);
  return {
    name: step.name,
    ok: result.ok && reset.length === 0,
    done: step.done,
    expected: conditions.map(({ what }) => what),
    missing: result.missing,
    disturbed: reset,
    seconds: tookMs / 1000,
    story,
    checks: await Promise.all(checks.map(checkOnce)),
  };
}
