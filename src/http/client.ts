import { type IncomingMessage, request } from 'node:http';
import type { SwitchRequest } from '../shell/operations/switch-session.js';

/** Nobody listens on the control socket. `reason`: `absent`, or `forbidden` where this user may not use it. */
export class DaemonUnreachableError extends Error {
  readonly reason: 'absent' | 'forbidden';

  constructor(path: string, reason: 'absent' | 'forbidden', cause: unknown) {
    const why = reason === 'absent' ? 'no daemon is running' : 'permission denied: run this as root';
    super(`${why} (${path})`, { cause });
    this.name = 'DaemonUnreachableError';
    this.reason = reason;
  }
}

/** What the daemon answers to, and what goes with it. */
export type DaemonRequest =
  | { readonly path: '/status' | '/maintenance' | '/adopt'; readonly method: 'GET' }
  | { readonly path: '/adopt'; readonly method: 'POST' }
  | { readonly path: '/resync'; readonly method: 'POST'; readonly body: { readonly force: boolean } }
  | { readonly path: '/session'; readonly method: 'POST'; readonly body: SwitchRequest }
  | { readonly path: '/maintenance'; readonly method: 'POST'; readonly body: { readonly on: boolean } };

const maxAnswerBytes = 64 * 1024 * 1024;

/**
 * One request to the daemon over its control socket; the JSON answer as it came. Throws `DaemonUnreachableError` where
 * no daemon listens, and an error with the daemon's own words where it refuses. A pass may take minutes.
 */
export async function askDaemon(
  socketPath: string,
  wanted: DaemonRequest,
  options: { readonly timeoutMs?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<unknown> {
  const { path, method } = wanted;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? (method === 'GET' ? 10_000 : 600_000));
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const { status, text } = await exchange(socketPath, wanted, signal).catch((error) => {
    throw timeout.aborted ? new Error(`the daemon did not answer in time (${socketPath})`) : error;
  });
  const answer = parse(text);
  if (status !== 200) throw new Error(`the daemon refused ${method} ${path}: ${errorText(answer) ?? status}`);
  return answer;
}

function exchange(
  socketPath: string,
  wanted: DaemonRequest,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  const { path, method } = wanted;
  const body = 'body' in wanted ? JSON.stringify(wanted.body) : undefined;
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method, headers, signal, agent: false }, (response) => {
      readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    sent.once('error', (error: NodeJS.ErrnoException) => reject(unreachable(socketPath, error) ?? error));
    sent.end(body);
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Error('the answer of the daemon is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unreachable(path: string, error: NodeJS.ErrnoException): DaemonUnreachableError | undefined {
  if (error.code === 'EACCES' || error.code === 'EPERM')
    return new DaemonUnreachableError(path, 'forbidden', error);
  const absent = ['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'ENOTSOCK'].includes(error.code ?? '');
  return absent ? new DaemonUnreachableError(path, 'absent', error) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('the daemon did not answer with JSON: is it of another version?', { cause: error });
  }
}

function errorText(answer: unknown): string | undefined {
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : undefined;
  return typeof error === 'string' ? error : undefined;
}
