import { setTimeout as sleep } from 'node:timers/promises';
import { type Lab, look } from '../running-lab.js';
import type { CheckShown } from '../story/messages.js';
import { agentChecks } from './agent-checks.js';
import { cellChecks } from './cell-checks.js';
import type { Check } from './check.js';
import { dialectChecks } from './dialect-checks.js';
import { internalChecks } from './internal-checks.js';
import { idleChecks, impostorCheck, newcomerCheck } from './no-trace-checks.js';
import { policyChecks } from './policy-checks.js';
import { sessionChecks } from './session-checks.js';
import { socketChecks } from './socket-checks.js';
import { tagChecks } from './tag-checks.js';
import { toldChecks } from './told-checks.js';
import { transitChecks } from './transit-checks.js';

export interface CheckResult {
  readonly name: string;
  readonly node: string;
  readonly ok: boolean;
  readonly seen: string | undefined;
}

const limitMs = 120_000;
const pollMs = 500;

/**
 * Makes all checks at once; one that does not hold is tried again for 120 s, for some things come with the next report,
 * and a slow machine sends that late.
 * `withSteps`: the steps were taken; some checks are about what they leave. `ofSteps`: what they have checked themselves.
 * @returns these, and those of the steps
 */
export async function checkLab(
  lab: Lab,
  withSteps: boolean,
  ofSteps: readonly CheckResult[],
): Promise<CheckResult[]> {
  const checks = allChecks(lab, withSteps);
  const startedAtMs = Date.now();
  const seen = new Map<Check, string | undefined>();
  let pending = checks;
  const tell = () =>
    lab.tell({
      kind: 'checks',
      checks: [...checks.map((check) => shown(check, seen, pending)), ...ofSteps.map(shownResult)],
    });
  tell();
  while (pending.length > 0 && Date.now() - startedAtMs < limitMs) {
    if (seen.size > 0) await sleep(pollMs);
    lab.progress.waitingFor(
      pending.map(({ name }) => `check "${name}"`),
      startedAtMs,
    );
    await look(lab);
    await Promise.all(pending.map(async (check) => seen.set(check, await test(check))));
    pending = pending.filter((check) => seen.get(check) !== undefined);
    tell();
  }
  const results = [...checks.map((check) => resultOf(check, seen.get(check))), ...ofSteps];
  lab.tell({ kind: 'checks', checks: results.map(shownResult) });
  return results;
}

/** A check that did not hold is tried again: it waits. */
function shown(
  check: Check,
  seen: ReadonlyMap<Check, string | undefined>,
  pending: readonly Check[],
): CheckShown {
  const instead = seen.get(check);
  const state = pending.includes(check) ? 'waits' : 'ok';
  return { name: check.name, state, ...(instead === undefined ? {} : { seen: instead }) };
}

function shownResult({ name, ok, seen }: CheckResult): CheckShown {
  return { name, state: ok ? 'ok' : 'failed', ...(seen === undefined ? {} : { seen }) };
}

/** Makes a check now, and does not try again. */
export async function checkOnce(check: Check): Promise<CheckResult> {
  return resultOf(check, await test(check));
}

function resultOf({ name, node }: Check, seen: string | undefined): CheckResult {
  return { name, node, ok: seen === undefined, seen };
}

function allChecks(lab: Lab, withSteps: boolean): Check[] {
  const { peers } = lab.scenario;
  return [
    ...peers.flatMap((peer) => [
      ...sessionChecks(lab, peer),
      ...policyChecks(lab, peer),
      ...tagChecks(lab, peer),
      ...toldChecks(lab, peer),
    ]),
    ...cellChecks(lab),
    ...transitChecks(lab),
    ...(withSteps ? [newcomerCheck(lab), impostorCheck(lab)] : []),
    ...idleChecks(lab),
    ...lab.nodes.flatMap((node) => [
      ...internalChecks(lab, node),
      ...agentChecks(lab, node),
      ...dialectChecks(lab, node),
      ...socketChecks(lab, node),
    ]),
  ];
}

async function test(check: Check): Promise<string | undefined> {
  try {
    return await check.test();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
