import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { childEnvironment } from './child-environment.js';

/** A lock that lasts until this process releases it or ends. */
export interface FileLock {
  release(): Promise<void>;
}

/**
 * Locks the file `path` (makes it if absent, and leaves it); undefined where another process has the lock. Node has no call
 * for flock(2), so flock(1) locks our own open file, and the kernel keeps the lock while the file is open. Throws where
 * flock cannot run.
 */
export async function lockFile(path: string): Promise<FileLock | undefined> {
  const file = await open(path, 'a', 0o600);
  try {
    if (await isLocked(file.fd)) return { release: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return undefined;
}

const program = 'flock';

/** flock(1) exits with 1, and without a word, where another process has the lock. */
async function isLocked(fd: number): Promise<boolean> {
  const child = spawn(program, ['-n', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', fd],
    env: childEnvironment(),
    timeout: 10_000,
    killSignal: 'SIGKILL',
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [exitCode] = await once(child, 'close');
  if (exitCode === 0 || (exitCode === 1 && stderr === '')) return exitCode === 0;
  throw new Error(`flock failed: ${stderr.trim() || `exit code ${exitCode}`}`);
}
