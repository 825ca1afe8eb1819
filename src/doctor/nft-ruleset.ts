import { z } from 'zod';

/** A chain of nftables with its rules. */
export interface NftChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** `input`, `forward`, ...; undefined where only other chains lead here. */
  readonly hook?: string | undefined;
  readonly policy?: string | undefined;
  /** What shows and changes it, where that is not nft. */
  readonly program?: 'iptables' | 'ip6tables' | undefined;
  readonly rules: readonly NftRule[];
}

export interface NftRule {
  readonly comment?: string | undefined;
  /** Matches and verdicts, in order. */
  readonly expr: readonly Readonly<Record<string, unknown>>[];
}

export interface NftRuleset {
  readonly chains: readonly NftChain[];
  /** `nftKey` → elements. */
  readonly sets: ReadonlyMap<string, readonly unknown[]>;
}

const place = { family: z.string(), table: z.string() };
const chain = z.object({
  ...place,
  name: z.string(),
  hook: z.string().optional(),
  policy: z.string().optional(),
});
const rule = z.object({
  ...place,
  chain: z.string(),
  comment: z.string().optional(),
  expr: z.array(z.record(z.string(), z.unknown())).default([]),
});
const set = z.object({ ...place, name: z.string(), elem: z.array(z.unknown()).default([]) });
const item = z.object({ chain: chain.optional(), rule: rule.optional(), set: set.optional() });

/** Reads `nft -j list ruleset` (libnftables-json(5)). Throws where it is something else. */
export function parseNftRuleset(text: string): NftRuleset {
  const { nftables } = z.object({ nftables: z.array(item) }).parse(JSON.parse(text));
  const rules = nftables.flatMap((each) => each.rule ?? []);
  const sets = nftables.flatMap((each) => each.set ?? []);
  const chains = nftables.flatMap((each) => each.chain ?? []);
  return {
    chains: chains.map((one) => ({
      ...one,
      rules: rules.filter(
        (each) => each.family === one.family && each.table === one.table && each.chain === one.name,
      ),
    })),
    sets: new Map(sets.map(({ family, table, name, elem }) => [nftKey({ family, table }, name), elem])),
  };
}

/** A chain or set of a table. */
export function nftKey({ family, table }: Pick<NftChain, 'family' | 'table'>, name: string): string {
  return `${family} ${table} ${name}`;
}
