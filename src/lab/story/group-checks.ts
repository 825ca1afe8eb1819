import type { CheckShown } from './messages.js';

/** The checks of one subject, such as a session or a node. */
interface CheckGroup {
  readonly subject: string;
  readonly checks: readonly CheckShown[];
}

/** By the subject, with which each name begins; first those of which something does not hold. */
export function groupChecks(checks: readonly CheckShown[]): CheckGroup[] {
  const groups = new Map<string, CheckShown[]>();
  for (const check of checks) {
    const end = check.name.indexOf(': ');
    const subject = end === -1 ? check.name : check.name.slice(0, end);
    groups.set(subject, [...(groups.get(subject) ?? []), check]);
  }
  const order = { failed: 0, waits: 1, ok: 2 };
  const worst = ({ checks: those }: CheckGroup) => Math.min(...those.map(({ state }) => order[state]));
  return [...groups]
    .map(([subject, those]) => ({ subject, checks: those }))
    .toSorted((a, b) => worst(a) - worst(b));
}
