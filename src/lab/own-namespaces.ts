import { ProgramError, type Run } from '../platform/exec.js';

/** This machine cannot have a lab, whatever is installed on it; the message says what is missing, and what helps. */
export class CannotRunError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'CannotRunError';
  }
}

/** The namespaces of a lab, as arguments of unshare(1). */
export const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
const ownUser = ['--user', '--map-root-user'];

/**
 * What unshare needs besides: a user namespace without root, and where root may not unshare (containers). Throws `CannotRunError` where
 * nothing helps.
 */
export async function userNamespace(run: Run, isRoot = process.getuid?.() === 0): Promise<readonly string[]> {
  const tryOut = (user: readonly string[]) => run('unshare', [...user, ...namespaces, '--', 'true']);
  if (isRoot) {
    const allowed = await tryOut([]).then(
      () => true,
      () => false,
    );
    if (allowed) return [];
  }
  await tryOut(ownUser).catch((cause: unknown) => {
    const words = cause instanceof ProgramError ? cause.stderr.trim().split('\n')[0] || cause.message : cause;
    throw new CannotRunError(
      `it gives ${isRoot ? 'root' : 'this user'} no namespaces (${words}). That takes ${isRoot ? 'more than a plain container' : 'root'}, or a kernel that allows unprivileged user namespaces`,
      cause,
    );
  });
  return ownUser;
}
