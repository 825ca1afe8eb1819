/** The first descriptor that systemd passes on (sd_listen_fds(3)). */
const firstFd = 3;
const mostSockets = 64;

/**
 * The descriptors of the sockets that systemd opened for this process (`LISTEN_PID`, `LISTEN_FDS`); none without socket activation. Removes
 * the variables: no program of the agent may take them for its own.
 */
export function takeActivatedSockets(env: Record<string, string | undefined>): readonly number[] {
  const { LISTEN_PID: pid, LISTEN_FDS: count } = env;
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete env[name];
  if (Number(pid) !== process.pid) return [];
  const sockets = Math.min(Number(count) || 0, mostSockets);
  return Array.from({ length: Math.max(0, sockets) }, (_, index) => firstFd + index);
}
