/** The programs that the agent starts, and the Debian package of each. */
export const agentPackages = {
  bird: 'bird2',
  fping: 'fping',
  ip: 'iproute2',
  nft: 'nftables',
  ping: 'iputils-ping',
  traceroute: 'traceroute',
  wg: 'wireguard-tools',
  'systemd-notify': 'systemd',
  'wireguard-go': 'wireguard-go',
} as const;

/** The words of the command that installs the packages. */
export function installCommand(packages: readonly string[]): readonly string[] {
  return ['apt-get', 'install', '--no-install-recommends', '-y', ...packages];
}

/** How to install a known program, in brackets; empty for others. The agent itself installs nothing. */
export function installHint(program: string): string {
  const known: Readonly<Record<string, string>> = agentPackages;
  const name = Object.hasOwn(known, program) ? known[program] : undefined;
  return name === undefined ? '' : ` (${installCommand([name]).join(' ')})`;
}
