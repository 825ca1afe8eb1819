import { type ChildEnd, runChild } from './child.js';
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
  const end = await runChild(program, args, {
    input: options.input,
    env: { ...childEnvironment(), ...options.env, LC_ALL: 'C' },
    timeoutMs,
    signal: options.signal,
    detached: options.leavesDaemon ?? false,
  });
  const { stdout, exitCode, killed } = end;
  const isOk = exitCode === 0 || (exitCode !== undefined && options.okExitCodes?.includes(exitCode));
  if (isOk && killed === undefined) return { stdout, stderr: end.stderr, exitCode };
  const missing = end.code === 'ENOENT';
  const stderr = end.stderr.trim();
  const message = `${program}: ${missing ? `is not installed${installHint(program)}` : whyFailed(end, timeoutMs)}`;
  throw new ProgramError({ program, exitCode, stderr, missing, isLate: killed === 'late', message });
};

function whyFailed({ killed, stays, stderr, exitCode, code }: ChildEnd, timeoutMs: number): string {
  const words = {
    late: `did not finish within ${timeoutMs / 1000} s`,
    stopped: 'was stopped',
    'too long': 'wrote more than the agent can take',
  };
  if (killed === undefined) return stderr.trim() || `failed with exit code ${exitCode ?? code ?? 'unknown'}`;
  return stays
    ? `${words[killed]}; the agent killed it, but it or a program that it started still runs`
    : words[killed];
}
