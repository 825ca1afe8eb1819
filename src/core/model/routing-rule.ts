import type { Family } from './values/family.js';

/** A rule of the kernel's for which packets look into which table (ip-rule(8)). Only those with the agent's mark are its own. */
export interface RoutingRule {
  readonly family: Family;
  /** The interface that the packets come in by. */
  readonly iif?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly table: number;
  /** Routes of this prefix length and shorter do not count. */
  readonly suppressPrefixLength?: number | undefined;
  readonly priority: number;
}

/** The agent's mark on a rule: the protocol that made it (FRA_PROTOCOL). Free in iproute2's rt_protos. */
export const ruleProtocol = 157;

/** The kernel's main table. */
export const mainTable = 254;

/** As ip(8) takes it, without `protocol`. */
export function formatRule({ iif, from, to, table, suppressPrefixLength, priority }: RoutingRule): string {
  const words = [
    ...(from === undefined ? [] : ['from', from]),
    ...(to === undefined ? [] : ['to', to]),
    ...(iif === undefined ? [] : ['iif', iif]),
    'lookup',
    table,
    ...(suppressPrefixLength === undefined ? [] : ['suppress_prefixlength', suppressPrefixLength]),
    'priority',
    priority,
  ];
  return words.join(' ');
}

export function sameRule(a: RoutingRule, b: RoutingRule): boolean {
  return a.family === b.family && formatRule(a) === formatRule(b);
}
