/** What a program of the system may need besides PATH. None of it is a secret, and none changes what a program does. */
const harmless = ['HOME', 'TMPDIR', 'TZ'];

/** PATH, and the directories of system programs, which the PATH of cron and of users lacks. */
export function searchPath(): string {
  const directories = (process.env['PATH'] ?? '').split(':');
  return [...new Set([...directories, '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'])]
    .filter((directory) => directory.startsWith('/'))
    .join(':');
}

/**
 * The environment of a program that the agent starts: PATH, `LC_ALL=C`, HOME, TMPDIR, TZ, and the variables that `more`
 * names. A list of what is allowed: the agent's own environment can hold the token, and /proc/PID/environ shows it for as
 * long as the program lives, which is months for wireguard-go. That one also fails with WG_PROCESS_FOREGROUND, and keeps
 * our pipes with LOG_LEVEL.
 */
export function childEnvironment(more: readonly string[] = []): Record<string, string> {
  const copied = [...harmless, ...more].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(copied), PATH: searchPath(), LC_ALL: 'C' };
}
