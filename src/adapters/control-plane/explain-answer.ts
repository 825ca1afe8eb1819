import type { Redact } from '../../redact/known-secrets.js';
import type { Failure } from '../../shell/ports/control-plane-error.js';
import type { Call } from './dialects/dialect.js';
import type { Refusal } from './dialects/envelope.js';
import type { HttpAnswer, Server } from './http/transport.js';
import { speaksTls } from './http/wrong-scheme.js';
import { excerpt } from './redact.js';

/** What was asked, to be named in the reasons. */
export interface Asked {
  readonly call: Call;
  readonly nodeName: string;
  readonly server: Server;
}

/** An answer other than 2xx, with the text that the control plane itself wrote in it: an envelope's, or an error's. */
export interface RefusingAnswer extends HttpAnswer {
  /** Undefined where there is none: who answers may be a proxy, or a server that knows no such path. */
  readonly ownText: string | undefined;
}

/** Says what an answer other than 2xx means for an operator, with the start of its own words. */
export function explainAnswer(answer: RefusingAnswer, asked: Asked, redact: Redact): Failure {
  const { status, retryAfterMs, ownText, text } = answer;
  const [kind, meaning] = judge(answer, asked);
  const words = kind === 'redirected' ? '' : excerpt(ownText ?? text, redact);
  return { kind, status, retryAfterMs, reason: reasonOf(`${status}, ${meaning}`, words, redact) };
}

/** Says what a refusal under a good HTTP status means; a code that is an HTTP status means the same as that. */
export function explainRefusal({ code, message }: Refusal, asked: Asked, redact: Redact): Failure {
  const ownText = message === '' ? undefined : message;
  const answer = { status: code, text: message, ownText, retryAfterMs: undefined, location: undefined };
  const [kind, meaning] = code >= 400 && code < 600 ? judge(answer, asked) : notAccepted;
  return {
    kind,
    reason: reasonOf(`code ${code} in its answer, ${meaning}`, excerpt(message, redact), redact),
  };
}

function reasonOf(meaning: string, words: string, redact: Redact): string {
  return excerpt(meaning, redact, 400) + (saysNothing.test(words) ? '' : ` (it says: ${words})`);
}

// Also in JSON.
const saysNothing = /^(?:\{\s*\}|\[\s*\]|null|"")?$/;

type Judgement = readonly [Failure['kind'], string];

const notAccepted: Judgement = ['rejected', 'the control plane does not accept the request'];

function judge({ status, retryAfterMs, location, text, ownText }: RefusingAnswer, asked: Asked): Judgement {
  const { server } = asked;
  if (status < 400)
    return [
      'redirected',
      `${server.host} redirects to ${target(location, asked)}; the agent does not follow`,
    ];
  if (!server.isTls && wantsTls.test(text)) return ['unreachable', speaksTls(server.host)];
  if (status === 401 || status === 403)
    return ['unauthorized', "the control plane refuses this node's token"];
  if (status === 404) return ['unknown-node', unknown(asked, ownText !== undefined)];
  if (status === 429) return ['rate-limited', `too many requests${waitText(retryAfterMs)}`];
  if (status >= 500) return ['server-error', `the control plane failed${waitText(retryAfterMs)}`];
  return notAccepted;
}

// As nginx, Apache and Go say it.
const wantsTls =
  /plain HTTP request was sent to HTTPS|speaking plain HTTP to an SSL|HTTP request to an HTTPS server/i;

/** What is not there: a control plane that says it in its own words knows better than a guess. */
function unknown({ call, nodeName }: Asked, isExplained: boolean): string {
  if (call === 'modify') return `the control plane does not know the session, or not on node ${nodeName}`;
  if (isExplained) return 'the control plane does not know what was asked for';
  return `the control plane does not know node ${nodeName} (are nodeName and apiUrl right?)`;
}

function target(location: string | undefined, { server }: Asked): string {
  const base = `http://${server.host}`;
  if (location === undefined || !URL.canParse(location, base)) return 'no readable address';
  return new URL(location, base).host || 'no host';
}

function waitText(retryAfterMs: number | undefined): string {
  return retryAfterMs === undefined ? '' : `, it asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
}
