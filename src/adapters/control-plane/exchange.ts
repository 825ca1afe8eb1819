import type { Secret } from '../../core/model/values/secret.js';
import { minSecretLength } from '../../redact/known-secrets.js';
import { ControlPlaneError, type Failure } from '../../shell/ports/control-plane-error.js';
import type { Call, Dialect, GetCall, Post } from './dialects/dialect.js';
import { type Envelope, readEnvelope } from './dialects/envelope.js';
import { explainAnswer, explainRefusal } from './explain-answer.js';
import { explainFailure } from './explain-failure.js';
import type { Transport } from './http/transport.js';
import { isRaw, WrongShapeError } from './parse/json.js';
import { excerpt, redactToken } from './redact.js';

export interface ExchangeParts {
  readonly transport: Transport;
  readonly nodeName: string;
  readonly token: Secret;
}

/** Single requests in a dialect. They reject with a `ControlPlaneError`, or the reason of the caller's signal. */
export interface Exchange {
  /** The answer must be JSON that `parse` understands; `parse` throws `WrongShapeError` where it does not. */
  fetch<T>(
    dialect: Dialect,
    call: GetCall,
    parse: (data: unknown) => T,
    signal: AbortSignal | undefined,
  ): Promise<T>;
  /** Gives what is in the answer, undefined where it is no JSON. Rejects where it is a refusal, or another dialect's. */
  post(dialect: Dialect, post: Post, signal: AbortSignal | undefined): Promise<unknown>;
  /** `GET health`: what is in the answer does not matter. */
  checkHealth(dialect: Dialect, signal: AbortSignal | undefined): Promise<void>;
}

/** Requests over `transport` for one node. The token goes into a header, and out of every text that comes back. */
export function createExchange({ transport, nodeName, token }: ExchangeParts): Exchange {
  const redact = redactToken(token.reveal());
  const redactAnswer = token.reveal().length >= minSecretLength ? redact : (text: string) => text;
  const asked = (call: Call) => ({ call, nodeName, server: transport });

  async function send(
    dialect: Dialect,
    call: Call,
    body: unknown,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const { method, path } = dialect.endpoint(call, nodeName);
    const request = { method, path, headers: headersOf(call, body), body: encode(body) };
    const answer = await transport.send(request, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw failed(call, explainFailure(error, transport, redact));
    });
    if (answer.status >= 200 && answer.status < 300) return redactAnswer(answer.text);
    const { envelope, ownText } = readNo(answer.text);
    const failure = explainAnswer({ ...answer, ownText }, asked(call), redact);
    throw failed(call, { ...failure, enveloped: envelope !== undefined });
  }

  /** Takes an answer's wrapping off. */
  function unwrap(dialect: Dialect, call: Call, answer: unknown): unknown {
    const unwrapped = dialect.unwrap(answer);
    if (unwrapped.ok) return unwrapped.data;
    if ('foreign' in unwrapped) throw failed(call, foreign(dialect, call, unwrapped.foreign));
    throw failed(call, { ...explainRefusal(unwrapped.refusal, asked(call), redact), enveloped: true });
  }

  function foreign(dialect: Dialect, call: Call, what: string): Failure {
    const { path } = dialect.endpoint(call, nodeName);
    const reason = `the answer at ${path} ${what}, unlike the answers of the ${dialect.name} dialect`;
    return {
      kind: 'other-dialect',
      reason: `${reason}; set bootstrap.dialect to the dialect that the control plane speaks`,
    };
  }

  function decode(call: Call, text: string): unknown {
    const json = readJson(text);
    if (json.ok) return json.value;
    if (json.problem === 'too-deep')
      throw failed(call, { kind: 'wrong-shape', reason: 'the answer nests too deep' });
    const words = excerpt(text, redact, 80);
    const what = words === '' ? 'is empty' : `is not complete JSON. It begins: ${words}`;
    throw failed(call, { kind: 'not-json', reason: `the answer ${what}` });
  }

  function failed(call: Call, failure: Failure): ControlPlaneError {
    return new ControlPlaneError(`${methodOf(call)} ${call}`, failure);
  }

  function headersOf(call: Call, body: unknown): Record<string, string> {
    return {
      accept: 'application/json',
      ...(call === 'health' ? {} : { authorization: `Bearer ${token.reveal()}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
  }

  return {
    async fetch(dialect, call, parse, signal) {
      const answer = decode(call, await send(dialect, call, undefined, signal));
      const data = unwrap(dialect, call, answer);
      try {
        return parse(data);
      } catch (error) {
        if (!(error instanceof WrongShapeError)) throw error;
        throw failed(call, { kind: 'wrong-shape', reason: excerpt(error.message, redact) });
      }
    },
    async post(dialect, { call, body }, signal) {
      const json = readJson(await send(dialect, call, body, signal));
      return json.ok ? unwrap(dialect, call, json.value) : undefined;
    },
    async checkHealth(dialect, signal) {
      await send(dialect, 'health', undefined, signal);
    },
  };
}

const fetched: ReadonlySet<Call> = new Set<Call>(['config', 'sessions', 'bird-config', 'mesh', 'health']);

function methodOf(call: Call): string {
  return fetched.has(call) ? 'GET' : 'POST';
}

/** What a control plane itself says in an answer other than 2xx: in an envelope, or as `{"error": "..."}`. */
function readNo(text: string): { readonly envelope?: Envelope; readonly ownText: string | undefined } {
  const json = readJson(text);
  const envelope = json.ok ? readEnvelope(json.value) : undefined;
  if (envelope) return { envelope, ownText: envelope.message || undefined };
  const isError = json.ok && isRaw(json.value) && typeof json.value['error'] === 'string';
  return { ownText: isError ? text : undefined };
}

function encode(body: unknown): string | undefined {
  return body === undefined ? undefined : JSON.stringify(body);
}

type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: 'not-json' | 'too-deep' };

// No answer nests deeper than a handful; a deep one would exhaust the stack of whoever walks it, as JSON.stringify.
const maxDepth = 64;

/** Reads JSON text from outside. Never throws. */
function readJson(text: string): ReadJson {
  if (isDeeperThan(maxDepth, text)) return { ok: false, problem: 'too-deep' };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, problem: 'not-json' };
  }
}

function isDeeperThan(limit: number, text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length && depth <= limit; index++) {
    const character = text[index];
    if (inString && character === '\\') index++;
    else if (character === '"') inString = !inString;
    else if (!inString && (character === '[' || character === '{')) depth++;
    else if (!inString && (character === ']' || character === '}')) depth--;
  }
  return depth > limit;
}
