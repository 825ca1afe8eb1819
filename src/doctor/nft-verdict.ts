import { type NftChain, type NftRule, type NftRuleset, nftKey } from './nft-ruleset.js';

/** A packet that begins something new, from an address that nobody knows. */
export interface NewPacket {
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
}

type Statement = Readonly<Record<string, unknown>>;

/** How one match stands to a packet: `maybe` depends on where the packet comes from. */
type Match = 'yes' | 'no' | 'maybe';

/**
 * The base chain of a hook that drops the packet by its policy, or by its last rule, while no rule on the way may accept it; undefined
 * where it may pass. Who accepts only some sources counts as accepting: an operator knows why.
 */
export function droppingChain(ruleset: NftRuleset, hook: string, packet: NewPacket): NftChain | undefined {
  return ruleset.chains.find((chain) => chain.hook === hook && fateIn(chain, ruleset, packet) === 'dropped');
}

type Fate = 'accepted' | 'dropped' | 'leaves the chain' | 'goes on';

function fateIn(chain: NftChain, ruleset: NftRuleset, packet: NewPacket, depth = 0): Fate {
  for (const rule of chain.rules) {
    const fate = fateByRule(rule, chain, ruleset, packet, depth);
    if (fate === 'leaves the chain') break;
    if (fate !== 'goes on') return fate;
  }
  return chain.hook !== undefined && chain.policy === 'drop' ? 'dropped' : 'goes on';
}

function fateByRule(
  { expr }: NftRule,
  chain: NftChain,
  ruleset: NftRuleset,
  packet: NewPacket,
  depth: number,
): Fate {
  const matches = expr.flatMap((statement) =>
    'match' in statement ? [matchOf(statement, chain, ruleset, packet)] : [],
  );
  if (matches.includes('no')) return 'goes on';
  const isSure = !matches.includes('maybe') && !expr.some((statement) => 'limit' in statement);
  if (expr.some((statement) => 'accept' in statement)) return 'accepted';
  // What may leave the chain may be accepted after it.
  if (expr.some((statement) => 'return' in statement)) return 'leaves the chain';
  if (isSure && expr.some((statement) => 'drop' in statement || 'reject' in statement)) return 'dropped';
  const target = expr.map(targetOf).find((name) => name !== undefined);
  const next = ruleset.chains.find(
    (each) => each.family === chain.family && each.table === chain.table && each.name === target,
  );
  // nft itself refuses a circle of chains.
  if (!next || depth > 16) return 'goes on';
  const fate = fateIn(next, ruleset, packet, depth + 1);
  return fate === 'dropped' && !isSure ? 'goes on' : fate;
}

function targetOf(statement: Statement): string | undefined {
  const jump = (statement['jump'] ?? statement['goto']) as { readonly target?: unknown } | undefined;
  return typeof jump?.target === 'string' ? jump.target : undefined;
}

interface MatchStatement {
  readonly op?: string;
  readonly left?: Statement;
  readonly right?: unknown;
}

function matchOf(statement: Statement, chain: NftChain, ruleset: NftRuleset, packet: NewPacket): Match {
  const { op = '==', left = {}, right } = statement['match'] as MatchStatement;
  const values = valuesOf(right, chain, ruleset);
  const is = (found: boolean): Match => (found === (op !== '!=') ? 'yes' : 'no');
  const payload = left['payload'] as { readonly protocol?: string; readonly field?: string } | undefined;
  if (payload?.field === 'dport') {
    if (payload.protocol !== 'th' && payload.protocol !== packet.protocol) return 'no';
    return is(values.some((value) => hasPort(value, packet.port)));
  }
  if (payload?.field === 'sport') return 'maybe';
  const meta = left['meta'] as { readonly key?: string } | undefined;
  if (meta?.key === 'l4proto' || payload?.field === 'protocol' || payload?.field === 'nexthdr')
    return is(values.includes(packet.protocol));
  if (meta?.key === 'iifname' || meta?.key === 'iif')
    return values.includes('lo') && op !== '!=' ? 'no' : 'maybe';
  const ct = left['ct'] as { readonly key?: string } | undefined;
  // `==` with several states is a set, `in` a bit mask.
  if (ct?.key === 'state') return is(values.includes('new'));
  // Other protocols' fields, such as those of ICMP.
  if (payload && !['ip', 'ip6', 'ether', 'th', packet.protocol].includes(payload.protocol ?? '')) return 'no';
  return 'maybe';
}

function valuesOf(right: unknown, chain: NftChain, { sets }: NftRuleset): readonly unknown[] {
  if (typeof right === 'string' && right.startsWith('@'))
    return sets.get(nftKey(chain, right.slice(1))) ?? [];
  if (typeof right === 'object' && right !== null && 'set' in right) return [right.set].flat();
  return [right].flat();
}

function hasPort(value: unknown, port: number): boolean {
  if (value === port) return true;
  if (typeof value !== 'object' || value === null) return false;
  if ('elem' in value) return hasPort((value.elem as { readonly val?: unknown }).val, port);
  if (!('range' in value) || !Array.isArray(value.range)) return false;
  const [from, to] = value.range;
  return Number(from) <= port && port <= Number(to);
}
