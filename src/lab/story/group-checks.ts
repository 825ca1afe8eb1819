import type { CheckShown } from './messages.js';

/** The checks of one subject, such as a session or a node. */
interface CheckGroup {
  readonly subject: string;
  /** Of the worst of them. */
  readonly state: CheckShown['state'];
  readonly checks: readonly CheckShown[];
}

/** The worst first. */
const states = ['failed', 'waits', 'ok'] as const;

/** By the subject, with which each name begins; first those of which something does not hold. */
export function groupChecks(checks: readonly CheckShown[]): CheckGroup[] {
  const groups = new Map<string, CheckShown[]>();
  for (const check of checks) {
    const end = check.name.indexOf(': ');
    const subject = end === -1 ? check.name : check.name.slice(0, end);
    groups.set(subject, [...(groups.get(subject) ?? []), check]);
  }
  const all = [...groups].map(([subject, those]) => ({ subject, state: worstOf(those), checks: those }));
  return states.flatMap((state) => all.filter((group) => group.state === state));
}

function worstOf(checks: readonly CheckShown[]): CheckShown['state'] {
  return states.find((state) => checks.some((check) => check.state === state)) ?? 'ok';
}
