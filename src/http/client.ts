import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { groupId, userName } from '../platform/groups.js';
import { describeNoRights } from '../platform/no-rights.js';
import {
  type AnswerOf,
  type OperationName,
  operationOf,
  type RequestOf,
  socketGroups,
} from '../shell/daemon-api.js';

/** Nothing listens on the socket. `reason`: `absent`, or `forbidden` where this user may not open it. */
export class DaemonUnreachableError extends Error {
  readonly reason: 'absent' | 'forbidden';

  constructor(words: string, reason: 'absent' | 'forbidden', cause: unknown) {
    super(words, { cause });
    this.name = 'DaemonUnreachableError';
    this.reason = reason;
  }
}

/** The control socket of the daemon whose runtime directory this is: it takes every operation. */
export function controlSocketPath(runtimeDir: string): string {
  return join(runtimeDir, 'agent.sock');
}

/** The daemon's other socket, beside its control socket: it takes only the operations that change nothing. */
export function readSocketPath(controlSocket: string): string {
  return join(dirname(controlSocket), 'read.sock');
}

/**
 * Asks the daemon with this runtime directory, as `askDaemon`; undefined where none runs. What changes nothing goes over the
 * socket for readers, which an older daemon does not have.
 */
export async function askIfRunning<N extends OperationName>(
  runtimeDir: string,
  name: N,
  wanted: RequestOf<N>,
): Promise<AnswerOf<N> | undefined> {
  const control = controlSocketPath(runtimeDir);
  const isLook = operationOf(name).method === 'GET';
  const answer = isLook ? await askAt(readSocketPath(control), name, wanted) : undefined;
  return answer ?? askAt(control, name, wanted);
}

/** Asks the daemon behind one socket; undefined where none listens. */
export async function askAt<N extends OperationName>(
  socketPath: string,
  name: N,
  wanted: RequestOf<N>,
): Promise<AnswerOf<N> | undefined> {
  try {
    return await askDaemon(socketPath, name, wanted);
  } catch (error) {
    if (error instanceof DaemonUnreachableError && error.reason === 'absent') return undefined;
    throw error;
  }
}

const maxAnswerBytes = 64 * 1024 * 1024;

/**
 * Asks the daemon for one operation over its control socket. Throws `DaemonUnreachableError` without a daemon, and
 * otherwise an error with the daemon's refusal, or with what is wrong in its answer.
 */
export async function askDaemon<N extends OperationName>(
  socketPath: string,
  name: N,
  wanted: RequestOf<N>,
  options: { readonly timeoutMs?: number } = {},
): Promise<AnswerOf<N>> {
  const { method, path: plain, limitMs, answer } = operationOf(name);
  const path = method === 'GET' ? plain + queryOf(wanted) : plain;
  const body = method === 'GET' ? undefined : JSON.stringify(wanted);
  const timeout = AbortSignal.timeout(options.timeoutMs ?? limitMs);
  const { status, text } = await exchange(socketPath, { method, path, body }, timeout).catch(
    async (error) => {
      if (timeout.aborted) throw new Error(`the daemon did not answer in time (${socketPath})`);
      if (['ECONNRESET', 'EPIPE'].includes(error.code))
        throw new Error(
          `the daemon closed ${socketPath} without an answer: it stops or starts over. Try again`,
        );
      throw (await unreachable(socketPath, method, error)) ?? error;
    },
  );
  const document = parse(text);
  if (status !== 200)
    throw new Error(`the daemon refused ${method} ${path}: ${errorText(document) ?? status}`);
  return readAnswer(answer, document, `${method} ${path}`);
}

/**
 * The document, with all that a newer daemon has added. Throws where what this program needs is not there; a word that it does not know yet,
 * such as a new kind of event, is no reason.
 */
function readAnswer<T>(answer: z.ZodType<T>, document: unknown, call: string): T {
  const issue = answer.safeParse(document).error?.issues.find(({ code }) => code !== 'invalid_value');
  if (!issue) return document as T;
  const where = issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw new Error(
    `the daemon's answer to ${call} cannot be read${where}: ${issue.message}. Is it another version? Try: systemctl restart moenet-agent`,
  );
}

/** `?since=60&session=dn42-4242421080`, of the fields that are there; empty without any. */
function queryOf(wanted: unknown): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted ?? {}))
    if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query}`;
}

function exchange(
  socketPath: string,
  { method, path, body }: Readonly<Record<'method' | 'path', string>> & { readonly body: string | undefined },
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    // An agent, which looks for a server name, would take as long as all else here.
    const createConnection = () => connect(socketPath);
    const sent = request({ path, method, headers, signal, createConnection }, (response) => {
      readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    sent.once('error', reject);
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

async function unreachable(
  path: string,
  method: 'GET' | 'POST',
  error: NodeJS.ErrnoException,
): Promise<DaemonUnreachableError | undefined> {
  if (error.code === 'EACCES' || error.code === 'EPERM')
    return new DaemonUnreachableError(await describeForbidden(path, method), 'forbidden', error);
  const absent = ['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'ENOTSOCK'].includes(error.code ?? '');
  return absent ? new DaemonUnreachableError(`no daemon is running (${path})`, 'absent', error) : undefined;
}

/** What this user may not do, and the commands that help. */
async function describeForbidden(path: string, method: 'GET' | 'POST'): Promise<string> {
  const user = userName();
  const kind = method === 'GET' ? 'read' : 'change';
  const group = socketGroups[kind];
  const purpose = kind === 'read' ? "one sees the daemon's state" : 'one changes this node';
  const words = describeNoRights(`open ${path}, by which ${purpose}`);
  if ((await groupId(group)) === undefined) return words;
  return `${words}, or join the group ${group} (sudo usermod -aG ${group} ${user}) and log in again`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(
      'the daemon did not answer with JSON. Is it another version? Try: systemctl restart moenet-agent',
      { cause: error },
    );
  }
}

function errorText(answer: unknown): string | undefined {
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : undefined;
  return typeof error === 'string' ? error : undefined;
}
