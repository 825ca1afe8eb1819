import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { onExit } from 'signal-exit';

export interface ChildOptions {
  readonly input: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** The program starts in a session of its own, and outlives this process. */
  readonly detached: boolean;
}

/** How a child ended. */
export interface ChildEnd {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined where a signal ended it, or it did not start. */
  readonly exitCode: number | undefined;
  /** The signal that ended it, or Node's code where it did not start (`ENOENT`). */
  readonly code: string | undefined;
  /** Why it was killed: its time limit, the caller's signal, or more output than is kept. */
  readonly killed: 'late' | 'stopped' | 'too long' | undefined;
  /** True where it was killed, but it or a program that it started still has an output open. */
  readonly stays: boolean;
}

const mostOutputBytes = 64 * 1024 * 1024;

/** A killed program ends within this time, unless the kernel makes it wait, or a child of its own keeps its output open. */
const killedWithinMs = 2_000;

/** Starts a program in `/` and waits for its end; never rejects. */
export function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<ChildEnd> {
  const { input, timeoutMs, signal } = options;
  if (signal?.aborted) return Promise.resolve({ ...notStarted, killed: 'stopped' });
  let child: ChildProcess;
  try {
    child = start(program, args, options);
  } catch (error) {
    // Node throws for what the kernel refuses at once, as a list of arguments that is too long.
    return Promise.resolve({ ...notStarted, code: codeOf(error) });
  }
  return new Promise((resolve) => {
    let killed: ChildEnd['killed'];
    let afterKill: NodeJS.Timeout | undefined;
    const settle = (end: Pick<ChildEnd, 'exitCode' | 'code' | 'stays'>) => {
      clearTimeout(limit);
      clearTimeout(afterKill);
      signal?.removeEventListener('abort', stop);
      running.delete(child);
      resolve({ ...end, killed, stdout: stdout(), stderr: stderr() });
    };
    const kill = (why: ChildEnd['killed']) => {
      if (killed !== undefined) return;
      killed = why;
      child.kill('SIGKILL');
      afterKill = setTimeout(() => {
        release(child);
        settle({ exitCode: undefined, code: undefined, stays: true });
      }, killedWithinMs);
    };
    const stop = () => kill('stopped');
    const limit = setTimeout(() => kill('late'), timeoutMs);
    signal?.addEventListener('abort', stop, { once: true });
    const stdout = collect(child.stdout, () => kill('too long'));
    const stderr = collect(child.stderr, () => kill('too long'));
    child.once('error', (error) => {
      if (child.pid === undefined) settle({ exitCode: undefined, code: codeOf(error), stays: false });
    });
    child.once('close', (exitCode, signalName) =>
      settle({ exitCode: exitCode ?? undefined, code: signalName ?? undefined, stays: false }),
    );
    // A program may end without reading its input.
    child.stdin?.on('error', () => {}).end(input);
  });
}

const notStarted = {
  stdout: '',
  stderr: '',
  exitCode: undefined,
  code: undefined,
  killed: undefined,
  stays: false,
};

/** The children that end with this process. */
const running = new Set<ChildProcess>();
let endsThem = false;

function start(program: string, args: readonly string[], { input, env, detached }: ChildOptions) {
  // The agent's own directory may be gone, as after an upgrade: then no program would start there, with ENOENT as if it
  // were not installed.
  const stdio = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] as const;
  // Before the start: a signal in between would end this process, and not the child.
  if (!endsThem) {
    onExit(() => {
      for (const each of running) each.kill('SIGKILL');
    });
    endsThem = true;
  }
  const child = spawn(program, args, { cwd: '/', env, detached, stdio: [...stdio] });
  if (!detached) running.add(child);
  return child;
}

/** Reads an output to its end. The function that it returns gives what has come so far, without the last newline. */
function collect(output: Readable | null, onTooLong: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  output?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostOutputBytes) onTooLong();
    else chunks.push(chunk);
  });
  return () =>
    Buffer.concat(chunks)
      .toString('utf8')
      .replace(/\r?\n$/, '');
}

/** Lets go of the child, so that it does not keep this process alive. */
function release(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
