import type { Secret } from '../../core/model/secret.js';
import { ControlPlaneError, type Failure } from './control-plane-error.js';
import type { Call, Dialect } from './dialect.js';
import { explainAnswer, explainRefusal } from './explain-answer.js';
import { explainFailure } from './explain-failure.js';
import { readJson } from './read-json.js';
import { excerpt, redactToken } from './redact.js';
import type { Transport } from './transport.js';
import { WrongShapeError } from './wrong-shape.js';

export interface ExchangeParts {
  readonly transport: Transport;
  readonly dialect: Dialect;
  readonly nodeName: string;
  readonly token: Secret;
}

// A token shorter than this is a word that an honest answer may contain.
const minRedactedToken = 8;

/** One call and what its answer says. Rejects with a `ControlPlaneError`, or the reason of the caller's signal. */
export interface Exchange {
  /** The answer must be JSON that `parse` understands; `parse` throws `WrongShapeError` where it does not. */
  fetch<T>(call: Call, parse: (data: unknown) => T, signal: AbortSignal | undefined): Promise<T>;
  /** What is in the answer does not matter, unless it is a refusal. */
  post(call: Call, body: unknown, signal: AbortSignal | undefined): Promise<void>;
}

export function createExchange({ transport, dialect, nodeName, token }: ExchangeParts): Exchange {
  const redact = redactToken(token.reveal());
  const redactAnswer = token.reveal().length >= minRedactedToken ? redact : (text: string) => text;

  async function send(call: Call, body: unknown, signal: AbortSignal | undefined): Promise<string> {
    const { method, path } = dialect.endpoint(call, nodeName);
    const request = { method, path, headers: headersOf(call, body), body: encode(body) };
    const answer = await transport.send(request, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw failed(call, explainFailure(error, transport.host, redact));
    });
    if (answer.status >= 200 && answer.status < 300) return redactAnswer(answer.text);
    throw failed(call, explainAnswer(answer, { call, nodeName, host: transport.host }, redact));
  }

  /** Takes an answer's wrapping off. */
  function unwrap(call: Call, answer: unknown): unknown {
    const unwrapped = dialect.unwrap(answer);
    if (unwrapped.ok) return unwrapped.data;
    throw failed(call, explainRefusal(unwrapped.refusal, { call, nodeName, host: transport.host }, redact));
  }

  function decode(call: Call, text: string): unknown {
    const json = readJson(text);
    if (json.ok) return json.value;
    if (json.problem === 'too-deep')
      throw failed(call, { kind: 'wrong-shape', reason: 'the answer nests too deep' });
    const words = excerpt(text, redact, 80);
    const what = words === '' ? 'is empty' : `is not JSON, or not all of it. It begins: ${words}`;
    throw failed(call, { kind: 'not-json', reason: `the answer ${what}` });
  }

  function failed(call: Call, failure: Failure): ControlPlaneError {
    return new ControlPlaneError(`${dialect.endpoint(call, nodeName).method} ${call}`, failure);
  }

  function headersOf(call: Call, body: unknown): Record<string, string> {
    return {
      accept: 'application/json',
      ...(call === 'health' ? {} : { authorization: `Bearer ${token.reveal()}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
  }

  return {
    async fetch(call, parse, signal) {
      const data = unwrap(call, decode(call, await send(call, undefined, signal)));
      try {
        return parse(data);
      } catch (error) {
        if (!(error instanceof WrongShapeError)) throw error;
        throw failed(call, { kind: 'wrong-shape', reason: excerpt(error.message, redact) });
      }
    },
    async post(call, body, signal) {
      const json = readJson(await send(call, body, signal));
      if (json.ok) unwrap(call, json.value);
    },
  };
}

function encode(body: unknown): string | undefined {
  return body === undefined ? undefined : JSON.stringify(body);
}
