import { existsSync } from 'node:fs';
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
  /** The package's file with all settings of a router, where it is installed. */
  readonly example: string | undefined;
}

export function judgeSysctls(
  { forwarding, rpFilter, ipv6Disabled }: ObservedSysctls,
  { tunnels, loopback, hasOwnTable, example }: Wanted,
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
  // Without a setting in its words: rp_filter beside a table of our own, or a kernel without IPv6.
  const inTheWay = ['all', ...present].filter((name) => (rpFilter.get(name) ?? 0) > 0);
  const ofOwnTable = inTheWay.map((name) => `net.ipv4.conf.${name.replaceAll('.', '/')}.rp_filter=0`);
  const withoutIpv6 = "sed -i 's/ipv6\\.disable=1//' /etc/default/grub && update-grub   # then reboot";
  return faults.map(({ subject, words }) => {
    const [text = words, setting] = words.split(/ Run: sysctl -w (\S+),.*/);
    if (setting === undefined)
      return subject === 'rp_filter' ? warning(text, toSet(ofOwnTable)) : fault(text, withoutIpv6);
    // The file has no disable_ipv6, and another rp_filter than a table of our own needs.
    const isInExample = !hasOwnTable && !setting.includes('disable_ipv6');
    const remedy = example !== undefined && isInExample ? toCopy(example) : toSet([setting]);
    return (subject === 'rp_filter' ? warning : fault)(text, remedy);
  });
}

function toSet(settings: readonly string[]): string {
  const lines = settings.map((setting) => `'${setting}'`).join(' ');
  return `sysctl -w ${settings.join(' ')} && printf '%s\\n' ${lines} >> /etc/sysctl.d/90-moenet-agent.conf`;
}

function toCopy(example: string): string {
  return `cp ${example} /etc/sysctl.d/60-moenet-agent.conf && sysctl --system`;
}

const packaged = '/usr/share/doc/moenet-agent/examples/sysctl.conf';

export const sysctlCheck: Check = {
  name: 'sysctls',
  limitMs: 5_000,
  look: async ({ node, stored }) => {
    const sessions = stored.sessions ?? [];
    const tunnels = sessions.flatMap((entry) => (entry.kind === 'session' ? [entry.session.interface] : []));
    const loopback = node?.loopback.interface ?? 'dummy0';
    const seen = await openSysctls().observe([loopback, ...tunnels]);
    const hasOwnTable = node?.bird.kernelTable !== undefined;
    const example = existsSync(packaged) ? packaged : undefined;
    return judgeSysctls(seen, { tunnels, loopback, hasOwnTable, example });
  },
};
