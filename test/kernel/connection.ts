import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProgramError, type Run, type RunOptions, type RunResult } from '../../src/platform/exec.js';

/** Where a running virtual machine is reached, and what it says. */
export interface Place {
  /** The Unix socket at which it takes requests (`guest/serve.mjs`). */
  readonly socket: string;
  /** The file with what its kernel and its first process have printed. */
  readonly console: string;
}

/** A way to run programs in the virtual machine. */
export interface Connection {
  /** Runs a program to its end inside, as `run` of src/platform does outside; by default it has 120 s. */
  readonly run: Run;
  /** Runs a program that reads files of this machine: those are there inside, by the same paths, while it runs. */
  runWithFiles(
    paths: readonly string[],
    program: string,
    args: readonly string[],
    options?: RunOptions,
  ): Promise<RunResult>;
  /** Starts a program inside that goes on, also without the connection, and says its pid; it prints into the file `log`. */
  start(program: string, args: readonly string[], options: StartOptions): Promise<number>;
  /** Asks a program inside that listens on a Unix socket for JSON. */
  ask(socketPath: string, method: 'GET' | 'POST', path: string): Promise<unknown>;
  close(): void;
}

interface StartOptions {
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly id: string;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly stdout?: string;
  readonly stderr?: string;
  /** Of a program that was left running. */
  readonly pid?: number;
  /** Of a program that was asked. */
  readonly status?: number;
  readonly body?: string;
  /** Why the program could not be started. */
  readonly failure?: string;
}

/** How long an answer may take beside the program: emulated processors may be busy with other programs. */
const answerMs = 60_000;
/** How long a pass of the agent may take. */
const askMs = 300_000;
const tailLines = 30;

/** Connects to the virtual machine, also while it still boots: requests then wait until it is up. */
export async function connect(place: Place): Promise<Connection> {
  const socket = await openSocket(place.socket);
  const waiting = new Map<string, (answer: Answer) => void>();
  const lines = createInterface({ input: socket });
  // A failure of the socket is its failure, too; whoever waits hears of it by `close`.
  lines
    .on('error', () => undefined)
    .on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      waiting.get(answer.id)?.(answer);
    });

  async function ask(what: string, limitMs: number, request: object): Promise<Answer> {
    const id = randomUUID();
    const limit = new AbortController();
    const late = sleep(limitMs, undefined, { signal: limit.signal }).then(() => 'no answer in time');
    const ended = () => 'it has ended';
    const gone = once(socket, 'close', { signal: limit.signal }).then(ended, ended);
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    try {
      socket.write(`${JSON.stringify({ id, ...request })}\n`);
      const first = await Promise.race([answered, late, gone]);
      if (typeof first !== 'string') return first;
      throw new Error(`the virtual machine, ${what}: ${first}\n${await consoleTail(place)}`);
    } finally {
      waiting.delete(id);
      limit.abort();
      await Promise.allSettled([late, gone]);
    }
  }

  const runWithFiles: Connection['runWithFiles'] = async (paths, program, args, options = {}) => {
    const { input, env, timeoutMs = 120_000, okExitCodes = [] } = options;
    const texts = paths.map(async (path) => [path, await readFile(path, 'utf8')] as const);
    const files = Object.fromEntries(await Promise.all(texts));
    const request = { program, args, input, env, timeoutMs, files };
    const answer = await ask(program, timeoutMs + answerMs, request);
    const { exitCode, stdout = '', stderr = '' } = answer;
    if (typeof exitCode === 'number' && [0, ...okExitCodes].includes(exitCode))
      return { exitCode, stdout, stderr };
    throw failureOf(program, answer);
  };

  return {
    run: (program, args, options) => runWithFiles([], program, args, options),
    runWithFiles,
    start: async (program, args, options) => {
      const answer = await ask(program, answerMs, { program, args, ...options });
      if (answer.pid === undefined) throw failureOf(program, answer);
      return answer.pid;
    },
    ask: async (socketPath, method, path) => {
      const request = { socketPath, method, path, timeoutMs: askMs };
      const { status, body = '', failure } = await ask(`${method} ${path}`, askMs + answerMs, request);
      if (status !== 200) throw new Error(`${method} ${path}: ${failure ?? `${status} ${body}`}`);
      return JSON.parse(body);
    },
    close: () => socket.destroy(),
  };
}

/** The last lines of the console, for an error to end with. */
export async function consoleTail({ console }: Place): Promise<string> {
  const text = await readFile(console, 'utf8').catch(() => '');
  const lines = text.replaceAll('\r', '').trimEnd().split('\n').slice(-tailLines);
  return `the last lines of its console:\n${lines.join('\n')}`;
}

/** QEMU makes the socket when it starts. */
async function openSocket(path: string): Promise<Socket> {
  for (const endMs = Date.now() + answerMs; ; await sleep(100)) {
    const socket = createConnection(path);
    try {
      await once(socket, 'connect');
      // It closes then, and whoever waits for an answer hears of that.
      return socket.on('error', () => undefined);
    } catch (error) {
      if (Date.now() > endMs) throw error;
    }
  }
}

function failureOf(
  program: string,
  { exitCode, signal, stderr = '', stdout = '', failure }: Answer,
): ProgramError {
  const words = stderr.trim() || stdout.trim().slice(-2_000);
  const ended = signal ? `${signal}: ${words}` : words || `exit code ${exitCode}`;
  const why = failure ?? ended;
  return new ProgramError({
    program,
    exitCode: exitCode ?? undefined,
    stderr: stderr.trim(),
    missing: failure === 'ENOENT',
    message: `${program}: ${why}`,
  });
}
