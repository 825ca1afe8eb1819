import { openSysctls } from '../../adapters/proc/sysctls.js';
import type { ObservedSysctls } from '../../core/model/observed.js';
import { forwardingFaults } from '../../core/verdict/node/forwarding.js';
import type { Check } from '../check.js';
import { type Finding, fault, ok, warning } from '../finding.js';

interface Wanted {
  /** The node's tunnels; before the first start none. New ones get the settings of `default`. */
  readonly tunnels: readonly string[];
  readonly loopback: string;
  readonly hasOwnTable: boolean;
}

export function judgeSysctls(
  { forwarding, rpFilter, ipv6Disabled }: ObservedSysctls,
  { tunnels, loopback, hasOwnTable }: Wanted,
): Finding[] {
  const all = rpFilter.get('all') ?? 0;
  const filterOf = (name: string) => Math.max(all, rpFilter.get(name) ?? 0);
  const present = ['default', ...tunnels].filter((name) => rpFilter.has(name));
  const faults = forwardingFaults(
    {
      ...forwarding,
      strictRpFilter: hasOwnTable ? [] : present.filter((name) => filterOf(name) === 1),
      lostRpFilter: hasOwnTable ? present.filter((name) => filterOf(name) > 0) : [],
      ipv6Disabled: ['all', 'default', loopback, ...tunnels].filter((name) => ipv6Disabled.has(name)),
    },
    ['ipv4', 'ipv6'],
  );
  if (faults.length === 0)
    return [ok('forwarding is on, and neither rp_filter nor disable_ipv6 is in the way')];
  return faults.map(({ subject, words }) => {
    const [text = words, setting] = words.split(/ Run: sysctl -w (\S+),.*/);
    const remedy =
      setting && `sysctl -w ${setting} && echo '${setting}' >> /etc/sysctl.d/90-moenet-agent.conf`;
    return (subject === 'rp_filter' ? warning : fault)(text, remedy || undefined);
  });
}

export const sysctlCheck: Check = {
  name: 'sysctls',
  limitMs: 5_000,
  look: async ({ node, stored }) => {
    const sessions = stored.sessions ?? [];
    const tunnels = sessions.flatMap((entry) => (entry.kind === 'session' ? [entry.session.interface] : []));
    const loopback = node?.loopback.interface ?? 'dummy0';
    const seen = await openSysctls().observe([loopback, ...tunnels]);
    return judgeSysctls(seen, { tunnels, loopback, hasOwnTable: node?.bird.kernelTable !== undefined });
  },
};
