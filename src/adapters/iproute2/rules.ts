import { z } from 'zod';
import { formatRule, type RoutingRule, ruleProtocol } from '../../core/model/routing-rule.js';
import { type Family, families } from '../../core/model/values/family.js';
import { parseIp } from '../../core/model/values/ip.js';
import type { Run, RunResult } from '../../platform/exec.js';
import type { RoutingRules } from '../../shell/ports/host.js';

const rule = z.object({
  priority: z.number(),
  src: z.string().optional(),
  srclen: z.number().optional(),
  dst: z.string().optional(),
  dstlen: z.number().optional(),
  iif: z.string().optional(),
  table: z.string().optional(),
  suppress_prefixlen: z.number().optional(),
  protocol: z.string().optional(),
});

const flags = { ipv4: '-4', ipv6: '-6' } as const;

/** The agent's routing rules, of both families: one `ip` each to read them, and one each to change them. */
export function openRoutingRules({ run }: { readonly run: Run }): RoutingRules {
  const change = async (verb: 'add' | 'del', rules: readonly RoutingRule[], signal?: AbortSignal) => {
    const failures: string[] = [];
    for (const family of families) {
      const lines = rules
        .filter((each) => each.family === family)
        .map((each) => `rule ${verb} ${formatRule(each)} protocol ${ruleProtocol}\n`);
      if (lines.length === 0) continue;
      const result = await run('ip', [flags[family], '-force', '-batch', '-'], {
        input: lines.join(''),
        signal,
        okExitCodes: [1, 255],
      });
      failures.push(...realFailures(result));
    }
    if (failures.length > 0) throw new Error(failures.join('; '));
  };
  return {
    observe: async (signal) => {
      const both = await Promise.all(
        families.map(async (family) => {
          const { stdout } = await run('ip', [flags[family], '-N', '-j', 'rule', 'show'], {
            signal,
            okExitCodes: [1, 2, 255],
          });
          return parseRules(stdout, family);
        }),
      );
      return both.flat();
    },
    add: (rules, signal) => change('add', rules, signal),
    remove: (rules, signal) => change('del', rules, signal),
  };
}

/** Those with the agent's mark. A kernel without rules, or without the family, has none. */
function parseRules(json: string, family: Family): RoutingRule[] {
  const all = z.array(rule).parse(JSON.parse(json.trim() || '[]'));
  return all
    .filter(({ protocol }) => protocol === String(ruleProtocol))
    .map(({ priority, src, srclen, dst, dstlen, iif, table, suppress_prefixlen }) => ({
      family,
      iif,
      from: networkOf(src, srclen, family),
      to: networkOf(dst, dstlen, family),
      table: Number(table),
      suppressPrefixLength: suppress_prefixlen,
      priority,
    }));
}

function networkOf(
  address: string | undefined,
  length: number | undefined,
  family: Family,
): string | undefined {
  if (address === undefined || address === 'all') return undefined;
  return `${parseIp(address) ?? address}/${length ?? (family === 'ipv4' ? 32 : 128)}`;
}

/** What ip(8) says but that a rule is there already, or gone already. */
function realFailures({ stderr, exitCode }: Pick<RunResult, 'stderr' | 'exitCode'>): string[] {
  if (exitCode === 0) return [];
  const words = stderr
    .split('\n')
    .filter(
      (line) =>
        line.trim() !== '' && !/^Command failed/.test(line) && !/file exists|no such file/i.test(line),
    );
  return words.map((line) => line.replace(/^(?:Error|RTNETLINK answers): /, '').trim());
}
