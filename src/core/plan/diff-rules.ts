import type { BirdFile } from '../model/artifacts.js';
import type { Change } from '../model/change.js';
import type { Observed } from '../model/observed.js';
import { formatRule, type RoutingRule, sameRule } from '../model/routing-rule.js';

const node = { kind: 'node' } as const;

/**
 * The rules to add and to remove, among those with the agent's mark. A rule stays as long as BIRD may have routes in its table: while
 * routes move, both tables are looked up. Nothing changes where nobody has looked.
 */
export function diffRules(
  wanted: readonly RoutingRule[],
  { rules, birdFiles }: Pick<Observed, 'rules' | 'birdFiles'>,
): Change[] {
  if (!rules) return [];
  const inUse = tablesIn([...birdFiles.values()]);
  const tables = new Set(wanted.map(({ table }) => table));
  const add = wanted.filter((rule) => !rules.some((present) => sameRule(present, rule)));
  const remove = rules.filter(
    (rule) =>
      !wanted.some((other) => sameRule(other, rule)) && (tables.has(rule.table) || !inUse.has(rule.table)),
  );
  return [
    ...(add.length > 0
      ? [{ kind: 'add-rules', owner: node, rules: add, why: 'they are missing' } as const]
      : []),
    ...(remove.length > 0
      ? [{ kind: 'remove-rules', owner: node, rules: remove, why: 'nothing desired needs them' } as const]
      : []),
  ];
}

/** The kernel tables that the protocols in these texts write to. */
function tablesIn(texts: readonly BirdFile['content'][]): ReadonlySet<number> {
  return new Set(
    texts.flatMap((text) =>
      Array.from(text.matchAll(/^\s*kernel table (\d+);/gm), ([, table]) => Number(table)),
    ),
  );
}

/** `iif wg_24001 lookup 42 priority 30157 and 3 more` */
export function describeRules([first, ...others]: readonly RoutingRule[]): string {
  const name = first ? formatRule(first) : 'none';
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}
