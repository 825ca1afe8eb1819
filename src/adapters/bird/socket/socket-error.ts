/** BIRD did not answer, or not in its protocol. The daemon may be down, hung, or unreachable. */
export class BirdSocketError extends Error {
  readonly socketPath: string;

  constructor(socketPath: string, reason: string, cause?: unknown) {
    super(`BIRD does not answer on ${socketPath}: ${reason}`, cause === undefined ? {} : { cause });
    this.name = 'BirdSocketError';
    this.socketPath = socketPath;
  }
}

/** The meaning of a failed connect(2) for the person who has to fix it. */
export function explainConnectError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return reasons[code ?? ''] ?? (error instanceof Error ? error.message : 'the connection could not be made');
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file (is bird running?)',
  ECONNREFUSED: 'connection refused (bird ended and left its socket behind)',
  ENOTSOCK: 'it is not a socket',
  EACCES: "permission denied (the agent must run as root or in the socket's group)",
  EAGAIN: 'too many clients are waiting (is bird hung?)',
};
