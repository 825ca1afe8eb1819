import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyLab } from '../any-lab.js';
import type { CheckShown } from '../story/messages.js';
import type { Check } from './check.js';

export interface CheckResult {
  readonly name: string;
  readonly node: string;
  readonly ok: boolean;
  readonly seen: string | undefined;
}

/**
 * Makes all checks at once; one that does not hold is tried again as long as the lab's patience lasts, for some things come with the
 * next report, and a slow machine sends that late. `ofSteps`: what the steps have checked themselves.
 * @returns these, and those of the steps
 */
export async function checkLab(
  lab: AnyLab,
  checks: readonly Check[],
  ofSteps: readonly CheckResult[],
): Promise<CheckResult[]> {
  const { limitMs, pollMs } = lab.patience;
  const startedAtMs = Date.now();
  const seen = new Map<Check, string | undefined>();
  let pending: readonly Check[] = checks;
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
    await lab.look();
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

async function test(check: Check): Promise<string | undefined> {
  try {
    return await check.test();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
