import { meshListenPort } from '../../core/desired/mesh.js';
import type { Snapshot } from '../../core/model/control-plane.js';
import { listSome } from '../../core/model/list-some.js';
import { ProgramError } from '../../platform/exec.js';
import type { Check } from '../check.js';
import { type Finding, ok, warning } from '../finding.js';
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
            `nft insert rule ${nameOf(bgp)} tcp dport ${bgpPort} accept`,
          ),
        ]
      : []),
    ...ofPreviousAgent(ruleset),
  ];
  return findings.length > 0 ? findings : [ok('nftables closes none of the ports that the node needs')];
}

function ofPorts(ports: readonly number[], chain: NftChain): Finding {
  const set = ports.length === 1 ? String(ports[0]) : `{ ${ports.join(', ')} }`;
  const some = listSome(ports.map(String), 5);
  return warning(
    `${nameOf(chain)} closes the UDP ${ports.length === 1 ? 'port' : 'ports'} ${some} of tunnels: no neighbor can begin a handshake`,
    `nft insert rule ${nameOf(chain)} udp dport ${set} accept`,
  );
}

/** The agent opens no port. What the one before opened stays open for ports that no session has any more. */
function ofPreviousAgent({ chains }: NftRuleset): Finding[] {
  const found = chains.filter(({ rules }) => rules.some(({ comment }) => /moenet|dn42/i.test(comment ?? '')));
  return found.map((chain) => {
    const count = chain.rules.filter(({ comment }) => /moenet|dn42/i.test(comment ?? '')).length;
    return warning(
      `${nameOf(chain)} has ${count} ${count === 1 ? 'rule' : 'rules'} whose comment names moenet or dn42: a previous agent opened the ports of its sessions so, and nobody removes them now`,
      `nft -a list chain ${nameOf(chain)}`,
    );
  });
}

function nameOf({ family, table, name }: NftChain): string {
  return `${family} ${table} ${name}`;
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
    try {
      const { stdout } = await run('nft', ['-j', 'list', 'ruleset'], { signal });
      return judgeFirewall(parseNftRuleset(stdout), portsOf(stored));
    } catch (error) {
      if (error instanceof ProgramError && error.missing)
        return [ok('nft is not installed; there are no rules to read')];
      throw error;
    }
  },
};
