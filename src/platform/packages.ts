/** The programs the agent, its lab and its tests use, and the Debian package of each. */
const packages = {
  bird: 'bird2',
  cpio: 'cpio',
  fping: 'fping',
  ip: 'iproute2',
  nft: 'nftables',
  nsenter: 'util-linux',
  openssl: 'openssl',
  ping: 'iputils-ping',
  traceroute: 'traceroute',
  'qemu-system-x86_64': 'qemu-system-x86',
  setpriv: 'util-linux',
  unshare: 'util-linux',
  wg: 'wireguard-tools',
  'systemd-analyze': 'systemd',
  'systemd-notify': 'systemd',
  'wireguard-go': 'wireguard-go',
} as const;

export type ProgramName = keyof typeof packages;

/** The Debian packages of the programs, sorted, each once. */
export function packagesOf(names: readonly ProgramName[]): readonly string[] {
  return [...new Set(names.map((name) => packages[name]))].sort();
}

/** The arguments with which apt-get installs the packages. */
export function installArguments(names: readonly string[]): readonly string[] {
  return ['install', '--no-install-recommends', '-y', ...names];
}

/** How to install a program, in brackets, where it is one that is known; else nothing. */
export function installHint(program: string): string {
  const name = (Object.keys(packages) as ProgramName[]).find((known) => known === program);
  return name === undefined ? '' : ` (${installCommand(packagesOf([name]))})`;
}

/** The line that installs the packages. */
export function installCommand(names: readonly string[]): string {
  return ['apt-get', ...installArguments(names)].join(' ');
}
