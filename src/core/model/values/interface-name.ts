import { z } from 'zod';

/**
 * The name of a network interface that is safe as a command argument, as a file name and between quotes in
 * BIRD: 1 to 15 bytes (IFNAMSIZ) of letters, digits, `_`, `.` and `-`, starting with a letter, digit or `_`.
 */
export type InterfaceName = string & z.$brand<'InterfaceName'>;

// Names with another meaning in the kernel's sysctl tree, or never of a tunnel.
const reserved = new Set(['lo', 'all', 'default']);

export const interfaceName = z
  .string()
  .refine((name) => new RegExp(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/).test(name) && !reserved.has(name), {
    error: (issue) =>
      `${JSON.stringify(issue.input).slice(0, 60)} is not an interface name: 1 to 15 letters, digits, "_", "." or "-"`,
  })
  .brand<'InterfaceName'>();
