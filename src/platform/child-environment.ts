/** The variables besides PATH that a program of the system may need. None is a secret, and none changes its work. */
const harmless = ['HOME', 'TMPDIR', 'TZ'];

/** PATH, and the directories of system programs, which the PATH of cron and of users lacks. */
export function searchPath(): string {
  const directories = (process.env['PATH'] ?? '').split(':');
  return [...new Set([...directories, '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'])]
    .filter((directory) => directory.startsWith('/'))
    .join(':');
}

/**
 * The environment of a program that the agent starts: PATH, `LC_ALL=C`, HOME, TMPDIR, TZ, and the variables in `more`. Only
 * these, because the agent's own environment can hold the token and /proc/PID/environ shows a program's environment for as
 * long as it lives, months for wireguard-go. That program also fails with WG_PROCESS_FOREGROUND, and keeps our pipes open
 * with LOG_LEVEL.
 */
export function childEnvironment(more: readonly string[] = []): Record<string, string> {
  const copied = [...harmless, ...more].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(copied), PATH: searchPath(), LC_ALL: 'C' };
}
