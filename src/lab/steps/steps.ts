import { type AnyLab, waitInLab } from '../any-lab.js';
import { type CheckResult, checkOnce } from '../checks/checks.js';
import { establishedCondition } from '../converge.js';
import { disturbed } from '../hosts/connections.js';
import { seconds } from '../report/progress.js';
import type { StepShown } from '../story/messages.js';
import type { WaitResult } from '../wait.js';
import type { Step } from './step.js';

/** A session that came back by itself. */
export interface Recovery {
  readonly asn: number;
  readonly fault: string;
  /** From the fault until both ends were Established again; undefined where they never were. */
  readonly afterMs: number | undefined;
}

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly done: string;
  readonly expected: readonly string[];
  readonly missing: readonly string[];
  /** Other peers, and nodes, with a BGP session that was reset meanwhile. */
  readonly disturbed: readonly string[];
  readonly seconds: number;
  /** How long a session took to come back that went down in this step. */
  readonly recovery: Recovery | undefined;
  readonly story: readonly string[];
  readonly checks: readonly CheckResult[];
}

/** Takes the steps, one after the other; a step that fails does not stop the next one. */
export async function demonstrate(lab: AnyLab, steps: readonly Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  lab.tell({ kind: 'steps', done: steps.map(({ done }) => done) });
  for (const [index, step] of steps.entries()) {
    lab.tell({ kind: 'step', index, step: { done: step.done, state: 'runs' } });
    const result = await take(lab, step);
    lab.tell({ kind: 'step', index, step: shown(result) });
    results.push(result);
  }
  return results;
}

/** What came of it: what was waited for, and what there is to say. */
function shown({ done, ok, expected, missing, disturbed, seconds, story }: StepResult): StepShown {
  return {
    done,
    state: ok ? 'ok' : 'failed',
    seconds,
    seen: [
      ...expected.filter((what) => !missing.includes(what)),
      ...missing.map((what) => `not seen: ${what}`),
      ...disturbed.map((name) => `was reset: ${name}`),
      ...story,
    ],
  };
}

async function take(lab: AnyLab, step: Step): Promise<StepResult> {
  const { progress } = lab;
  progress.say(`▸ ${step.done}`);
  const before = await lab.connections();
  const startedAtMs = Date.now();
  const conditions = await step.act();
  const result = await waitInLab(lab, conditions);
  const tookMs = Date.now() - startedAtMs;
  const reset = disturbed(before, await lab.connections(), step.touches);
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
    recovery: recoveryOf(lab, step, result),
    story,
    checks: await Promise.all(checks.map(checkOnce)),
  };
}

function recoveryOf(lab: AnyLab, { recovers }: Step, { heldAfterMs }: WaitResult): Recovery | undefined {
  if (!recovers) return undefined;
  const { peer, fault } = recovers;
  return { asn: peer.asn, fault, afterMs: heldAfterMs.get(establishedCondition(lab, peer).what) };
}
