import { meshListenPort } from '../../core/desired/mesh.js';
import type { Snapshot } from '../../core/model/control-plane.js';
import { listSome } from '../../core/model/list-some.js';
import { wordsOf } from '../../core/model/words-of.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import type { Check } from '../check.js';
import { type Finding, ok, warning } from '../finding.js';
import { parseIptables } from '../iptables-rules.js';
import { type NftChain, type NftRuleset, parseNftRuleset } from '../nft-ruleset.js';
import { droppingChain } from '../nft-verdict.js';

const bgpPort = 179;

/** `ports`: the UDP ports that the tunnels listen on. */
export function judgeFirewall(ruleset: NftRuleset, ports: readonly number[]): Finding[] {
  const closed = ports.flatMap((port) => {
    const chain = droppingChain(ruleset, 'input', { protocol: 'udp', port });
    return chain ? [{ port, chain }] : [];
  });
  const bgp = droppingChain(ruleset, 'input', { protocol: 'tcp', port: bgpPort });
  const findings = [
    ...(closed[0]
      ? [
          ofPorts(
            closed.map(({ port }) => port),
            closed[0].chain,
          ),
        ]
      : []),
    ...(bgp
      ? [
          warning(
            `${nameOf(bgp)} closes TCP port ${bgpPort}: no neighbor can open a BGP session`,
            toOpen(bgp, 'tcp', [bgpPort]),
          ),
        ]
      : []),
    ...ofPreviousAgent(ruleset),
  ];
  return findings.length > 0 ? findings : [ok('the firewall closes none of the ports that the node needs')];
}

function ofPorts(ports: readonly number[], chain: NftChain): Finding {
  const some = listSome(ports.map(String), 5);
  return warning(
    `${nameOf(chain)} closes the UDP ${ports.length === 1 ? 'port' : 'ports'} ${some} of tunnels: no neighbor can begin a handshake`,
    toOpen(chain, 'udp', ports),
  );
}

/** The most ports that one rule of iptables takes. */
const mostPorts = 15;

/** The command that lets the ports in. */
function toOpen(chain: NftChain, protocol: 'udp' | 'tcp', ports: readonly number[]): string {
  const { program, table, name } = chain;
  if (program === undefined) {
    const set = ports.length === 1 ? String(ports[0]) : `{ ${ports.join(', ')} }`;
    return `nft insert rule ${nameOf(chain)} ${protocol} dport ${set} accept`;
  }
  const place = `${table === 'filter' ? '' : `-t ${table} `}-I ${name}`;
  const rules: string[] = [];
  for (let at = 0; at < ports.length; at += mostPorts) {
    const some = ports.slice(at, at + mostPorts).join(',');
    rules.push(`${program} ${place} -p ${protocol} -m multiport --dports ${some} -j ACCEPT`);
  }
  return rules.join(' && ');
}

/** The agent opens no port. What the one before opened stays open for ports that no session has any more. */
function ofPreviousAgent({ chains }: NftRuleset): Finding[] {
  const found = chains.filter(({ rules }) => rules.some(({ comment }) => /moenet|dn42/i.test(comment ?? '')));
  return found.map((chain) => {
    const count = chain.rules.filter(({ comment }) => /moenet|dn42/i.test(comment ?? '')).length;
    return warning(
      `${nameOf(chain)} has ${count} ${count === 1 ? 'rule' : 'rules'} whose comment names moenet or dn42: a previous agent opened the ports of its sessions so, and nobody removes them now`,
      chain.program === undefined
        ? `nft -a list chain ${nameOf(chain)}`
        : `${chain.program}-save | grep -iE 'moenet|dn42'`,
    );
  });
}

function nameOf({ family, table, name, program }: NftChain): string {
  return `${program ?? family} ${table} ${name}`;
}

/** The UDP ports of the tunnels to neighbors and to our own nodes, by the control plane's last answers. */
export function portsOf({ sessions = [], mesh }: Pick<Snapshot, 'sessions' | 'mesh'>): number[] {
  return [
    ...sessions.flatMap((entry) => (entry.kind === 'session' ? [entry.session.listenPort] : [])),
    ...(mesh?.peers ?? []).map(({ nodeId }) => meshListenPort(nodeId)),
  ];
}

export const firewallCheck: Check = {
  name: 'firewall',
  limitMs: 15_000,
  look: async ({ run, stored }, signal) => {
    const [nft, ipv4, ipv6] = await Promise.all([
      outputOf(run('nft', ['-j', 'list', 'ruleset'], { signal })),
      chainsOf('iptables', run, signal),
      chainsOf('ip6tables', run, signal),
    ]);
    if (nft === undefined && ipv4 === undefined && ipv6 === undefined)
      return [ok('neither nft nor iptables is installed; there are no rules to read')];
    const { chains, sets } = nft === undefined ? nothing : parseNftRuleset(nft);
    const told = [ipv4 ?? [], ipv6 ?? []];
    const ofIptables = told.flatMap((each) => ('level' in each ? [] : each));
    const findings = judgeFirewall({ chains: withIptables(chains, ofIptables), sets }, portsOf(stored));
    return [...findings, ...told.flatMap((each) => ('level' in each ? [each] : []))];
  },
};

/** Undefined where the program is not installed; a finding where it does not show its rules, as for some that nft made. */
async function chainsOf(program: 'iptables' | 'ip6tables', run: Run, signal: AbortSignal) {
  try {
    const text = await outputOf(run(`${program}-save`, [], { signal }));
    return text === undefined ? undefined : parseIptables(text, program);
  } catch (error) {
    return warning(`the rules of ${program} cannot be read: ${wordsOf(error)}`, `${program}-save`);
  }
}

const nothing: NftRuleset = { chains: [], sets: new Map() };

/** Undefined where the program is not installed. */
async function outputOf(running: ReturnType<Run>): Promise<string | undefined> {
  try {
    return (await running).stdout;
  } catch (error) {
    if (error instanceof ProgramError && error.missing) return undefined;
    throw error;
  }
}

/** All chains, each once: nft shows those of iptables as well, with less in them. */
function withIptables(ofNft: readonly NftChain[], ofIptables: readonly NftChain[]): NftChain[] {
  const isSame = (one: NftChain, other: NftChain) =>
    nameOf({ ...one, program: undefined }) === nameOf({ ...other, program: undefined }) &&
    one.rules.length === other.rules.length;
  return [...ofIptables, ...ofNft.filter((chain) => !ofIptables.some((each) => isSame(each, chain)))];
}
