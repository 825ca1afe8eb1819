/** The programs that a daemon may run; what else it ran, such as a tool of its own, counts as `other`. */
export const programs = [
  'bird',
  'fping',
  'ip',
  'nft',
  'ping',
  'systemctl',
  'systemd-run',
  'traceroute',
  'wg',
  'wireguard-go',
  'other',
] as const;

export const commandResults = ['ok', 'failed', 'missing', 'timeout'] as const;
export type CommandResult = (typeof commandResults)[number];
