import type { NftChain, NftRule } from './nft-ruleset.js';

type IptablesProgram = NonNullable<NftChain['program']>;

type Statement = NftRule['expr'][number];

/**
 * Reads what `iptables-save` or `ip6tables-save` prints, as chains of nftables. nft shows rules of iptables without what their
 * modules say, such as comments and states, and those of iptables-legacy not at all.
 */
export function parseIptables(text: string, program: IptablesProgram): NftChain[] {
  const chains: (NftChain & { readonly rules: NftRule[] })[] = [];
  let table = 'filter';
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const [, name, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    // Only a built-in chain has a policy.
    if (name !== undefined && policy !== undefined)
      chains.push({
        family: program === 'iptables' ? 'ip' : 'ip6',
        table,
        name,
        program,
        ...(policy !== '-' && { hook: name.toLowerCase(), policy: policy.toLowerCase() }),
        rules: [],
      });
    const [, to, rule] = /^-A (\S+) ?(.*)/.exec(line) ?? [];
    if (rule !== undefined)
      chains.find((each) => each.table === table && each.name === to)?.rules.push(ruleOf(rule));
  }
  return chains;
}

/** A word, or a text between quotes. */
const words = /"(?:[^"\\]|\\.)*"|\S+/g;

function ruleOf(line: string): NftRule {
  const tokens = (line.match(words) ?? []).map((word) =>
    word.replace(/^"(.*)"$/, '$1').replaceAll(/\\(.)/g, '$1'),
  );
  const expr: Statement[] = [];
  let comment: string | undefined;
  let op = '==';
  for (let at = 0; at < tokens.length; at += 1) {
    const [option = '', value = ''] = tokens.slice(at);
    if (option === '!') {
      op = '!=';
      continue;
    }
    // What follows belongs to the target.
    if (option === '-j' || option === '-g') {
      expr.push(verdictOf(value));
      break;
    }
    if (option === '--comment') comment = value;
    else if (option === '-m') expr.push(...(/limit$/.test(value) ? [{ limit: {} }] : []));
    else if (option.startsWith('-')) expr.push({ match: { op, ...matchOf(option, value) } });
    else continue;
    op = '==';
    at += 1;
  }
  return { comment, expr };
}

function matchOf(option: string, value: string): object {
  switch (option) {
    case '-p':
      return { left: { meta: { key: 'l4proto' } }, right: value };
    case '-i':
      return { left: { meta: { key: 'iifname' } }, right: value };
    case '--dport':
    case '--dports':
      return { left: { payload: { protocol: 'th', field: 'dport' } }, right: { set: portsOf(value) } };
    case '--ctstate':
    case '--state':
      return { left: { ct: { key: 'state' } }, right: value.toLowerCase().split(',') };
    default:
      // Whether it matches depends on what is not known here.
      return { left: {}, right: value };
  }
}

/** `22`, `24000:24010` or several with commas. */
function portsOf(text: string): unknown[] {
  return text.split(',').map((part) => {
    const [from = '', to = from] = part.split(':');
    return { range: [Number(from), Number(to)] };
  });
}

function verdictOf(target: string): Statement {
  return /^(?:ACCEPT|DROP|REJECT|RETURN)$/.test(target)
    ? { [target.toLowerCase()]: null }
    : { jump: { target } };
}
