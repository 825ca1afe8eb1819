import { setTimeout as sleep } from 'node:timers/promises';
import { type Lab, look } from '../running-lab.js';
import { nodeChecks } from './node-checks.js';
import { newcomerCheck, pendingCheck, sessionChecks } from './session-checks.js';

/** One thing that must be so. `test` returns nothing where it is, else what was seen instead. */
export interface Check {
  readonly name: string;
  /** The node whose log tells more. */
  readonly node: string;
  test(): Promise<string | undefined>;
}

export interface CheckResult {
  readonly name: string;
  readonly node: string;
  readonly ok: boolean;
  readonly seen: string | undefined;
}

const limitMs = 10_000;
const pollMs = 300;

/** Makes all checks at once; one that does not hold is tried again for 10 s, for some things come with the next report. */
export async function checkLab(lab: Lab): Promise<CheckResult[]> {
  const checks = [
    ...lab.scenario.peers.flatMap((peer) => sessionChecks(lab, peer)),
    newcomerCheck(lab),
    pendingCheck(lab),
    ...lab.nodes.flatMap((node) => nodeChecks(lab, node)),
  ];
  const startedAtMs = Date.now();
  const seen = new Map<Check, string | undefined>();
  let pending = checks;
  while (pending.length > 0 && Date.now() - startedAtMs < limitMs) {
    if (seen.size > 0) await sleep(pollMs);
    lab.progress.waitingFor(
      pending.map(({ name }) => `check "${name}"`),
      startedAtMs,
    );
    await look(lab);
    await Promise.all(pending.map(async (check) => seen.set(check, await test(check))));
    pending = pending.filter((check) => seen.get(check) !== undefined);
  }
  return checks.map((check) => ({
    name: check.name,
    node: check.node,
    ok: seen.get(check) === undefined,
    seen: seen.get(check),
  }));
}

async function test(check: Check): Promise<string | undefined> {
  try {
    return await check.test();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
