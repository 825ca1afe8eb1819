import type { ChildProcess } from 'node:child_process';
import { execa } from 'execa';
import { childEnvironment } from './child-environment.js';
import { installHint } from './install-hint.js';

/** A program that could not run or failed. `message` holds the operation and the program's own words. */
export class ProgramError extends Error {
  readonly program: string;
  readonly exitCode: number | undefined;
  readonly stderr: string;
  /** True where the program is not installed. */
  readonly missing: boolean;
  /** True where it did not end in time. */
  readonly isLate?: boolean | undefined;

  constructor(facts: Omit<ProgramError, 'name' | 'stack' | 'cause'>) {
    super(facts.message);
    this.name = 'ProgramError';
    this.program = facts.program;
    this.exitCode = facts.exitCode;
    this.stderr = facts.stderr;
    this.missing = facts.missing;
    this.isLate = facts.isLate;
  }
}

export interface RunOptions {
  readonly input?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Added to what every program gets (`childEnvironment`). */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Exit codes besides 0 that are no failure (fping: 1 where a host is unreachable). */
  readonly okExitCodes?: readonly number[] | undefined;
  /**
   * The program leaves a daemon behind that must outlive the agent: it starts in a session of its own, out of reach of the
   * terminal's Ctrl-C.
   */
  readonly leavesDaemon?: boolean | undefined;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs one program to its end. Adapters get it as a parameter, so that tests can count and refuse commands. */
export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

/**
 * Runs a program in `/` with an argument array (never a shell), an environment without secrets, `LC_ALL=C` and a time limit
 * (default 10 s); paths in arguments are absolute. Errors hold neither arguments nor input, which may be secret.
 */
export const run: Run = async (program, args, options = {}) => {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const child = execa(program, args, {
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.signal ? { cancelSignal: options.signal } : {}),
    ...(options.leavesDaemon ? { detached: true } : {}),
    // The agent's own directory may be gone, as after an upgrade: then no program would start there, with ENOENT as if it
    // were not installed.
    cwd: '/',
    extendEnv: false,
    env: { ...childEnvironment(), ...options.env, LC_ALL: 'C' },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
    reject: false,
  });
  const result = await unlessItStays(child, timeoutMs + killedWithinMs, options.signal);
  if (result === undefined) {
    giveUp(child);
    const when = options.signal?.aborted ? 'was stopped' : `did not finish within ${timeoutMs / 1000} s`;
    const message = `${program}: ${when}; the agent killed it, but it or a program that it started still runs`;
    const isLate = !options.signal?.aborted;
    throw new ProgramError({ program, exitCode: undefined, stderr: '', missing: false, isLate, message });
  }
  const exitCode = result.exitCode;
  if (exitCode !== undefined && (exitCode === 0 || options.okExitCodes?.includes(exitCode))) {
    return { stdout: result.stdout, stderr: result.stderr, exitCode };
  }
  const missing = result.failed && result.code === 'ENOENT';
  const stderr = (result.stderr ?? '').trim();
  const why = missing
    ? `is not installed${installHint(program)}`
    : result.timedOut
      ? `did not finish within ${timeoutMs / 1000} s`
      : result.isCanceled
        ? 'was stopped'
        : stderr || `failed with exit code ${exitCode ?? result.signal ?? result.code ?? 'unknown'}`;
  const isLate = result.timedOut;
  throw new ProgramError({ program, exitCode, stderr, missing, isLate, message: `${program}: ${why}` });
};

/** A killed program ends within this time, unless the kernel makes it wait, or a child keeps its output open. */
const killedWithinMs = 2_000;

/** The child's result; undefined where it has not ended at the limit, or a while after the signal. */
function unlessItStays<T>(
  child: Promise<T>,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    let afterSignal: NodeJS.Timeout | undefined;
    const cut = () => {
      afterSignal ??= setTimeout(() => resolve(undefined), killedWithinMs);
    };
    const timer = setTimeout(() => resolve(undefined), limitMs);
    signal?.addEventListener('abort', cut, { once: true });
    if (signal?.aborted) cut();
    child.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      clearTimeout(afterSignal);
      signal?.removeEventListener('abort', cut);
    });
  });
}

/** Releases the child, so that it does not keep this process alive. */
function giveUp(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
}
