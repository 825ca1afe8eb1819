import type { Redact } from '../../redact/known-secrets.js';
import type { Failure, FailureKind } from '../../shell/ports/control-plane-error.js';
import { AttemptTimeoutError, TruncatedError } from './http/http-error.js';
import type { Server } from './http/transport.js';
import { wrongScheme } from './http/wrong-scheme.js';
import { excerpt } from './redact.js';

/**
 * Says why no answer came that could be read: DNS, TCP, TLS, time limits, sizes. Of the error itself only name, code
 * and message are kept, redacted: undici's errors hold headers, and pieces of the answer.
 */
export function explainFailure(error: unknown, server: Server, redact: Redact): Failure {
  const { name, code, message } = factsOf(error);
  const detail = excerpt(message, redact);
  const [kind, reason] = judge(error, code, server, detail);
  const cause = Object.assign(new Error(detail), {
    name: excerpt(name, redact),
    code: excerpt(code, redact),
  });
  return { kind, reason: excerpt(reason, redact, 400), cause };
}

type Judgement = readonly [FailureKind, string];

function judge(error: unknown, code: string, server: Server, detail: string): Judgement {
  const host = server.proxy === undefined ? server.host : `${server.host} behind the proxy ${server.proxy}`;
  if (error instanceof TruncatedError)
    return ['unreachable', `the connection to ${host} broke during the answer`];
  if (error instanceof AttemptTimeoutError)
    return ['timeout', `the answer of ${host} was not complete in time`];
  const refusal = refusedByProxy(detail, server);
  if (refusal !== undefined) return ['unreachable', refusal];
  const known =
    dialling[code]?.(server.proxy === undefined ? host : `the proxy ${server.proxy}`) ?? byCode[code]?.(host);
  if (known !== undefined) return known;
  if (closed.has(code)) return ['unreachable', closedBy(host, server)];
  const scheme = wrongScheme(error, server);
  if (scheme !== undefined) return ['unreachable', scheme];
  if (tls.test(code)) return ['unreachable', `TLS with ${host} failed: ${tlsWords(error, code, detail)}`];
  if (code.startsWith('HPE_')) return ['unreachable', `${host} does not answer in HTTP: ${detail}`];
  return ['unreachable', `${host} cannot be reached: ${detail || code || 'unknown error'}`];
}

/** Why the proxy does not do what it is asked, which undici has in its message only. */
function refusedByProxy(detail: string, { host, proxy }: Server): string | undefined {
  const status = /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(detail)?.[1];
  if (proxy === undefined || status === undefined) return undefined;
  if (status === '407') return `the proxy ${proxy} wants another user name and password`;
  return `the proxy ${proxy} does not let this node through to ${host} (it answers ${status})`;
}

const tls = /CERT|SELF_SIGNED|ISSUER|TLS|SSL|^EPROTO$|^CRL_|^UNABLE_TO/;

const untrusted =
  'no authority that this machine trusts has signed its certificate (apt-get install ca-certificates)';

const certificates: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired. If only this node says so, look at its clock: timedatectl',
  CERT_NOT_YET_VALID: "its certificate is not valid yet. Is this machine's clock right? timedatectl",
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed, so anybody could have made it',
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'it does not send the certificate of the authority that has signed its own',
};

/** What OpenSSL or Node found, without file names and numbers of the source. */
function tlsWords(error: unknown, code: string, detail: string): string {
  const known = certificates[code];
  if (known !== undefined) return known;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = error instanceof Error && 'cert' in error ? Object(error.cert).subjectaltname : undefined;
    return `its certificate is for another name${typeof names === 'string' ? ` (${names})` : ''}`;
  }
  // `...:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:../deps/...:SSL alert number 40`
  const reason = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(detail)?.[1];
  return reason ?? (detail || code);
}

const unresolved = (host: string): Judgement => ['unreachable', `the name of ${host} does not resolve`];
const unrouted = (host: string): Judgement => ['unreachable', `there is no route to ${host}`];

const closed = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** A server with TLS mostly closes a connection without. */
function closedBy(host: string, { isTls = false }: Server): string {
  const hint = isTls ? '' : ' (if it speaks TLS, bootstrap.apiUrl needs https://)';
  return `${host} closed the connection without an answer${hint}`;
}

const noConnection = (host: string): Judgement => ['timeout', `no connection to ${host} in time`];
const headersTooLarge = (host: string): Judgement => [
  'too-large',
  `the headers of ${host}'s answer are too large`,
];

/** What goes wrong before there is a connection. */
const dialling: Readonly<Record<string, (host: string) => Judgement>> = {
  ENOTFOUND: unresolved,
  EAI_AGAIN: unresolved,
  ECONNREFUSED: (host) => ['unreachable', `${host} refuses the connection`],
  EHOSTUNREACH: unrouted,
  ENETUNREACH: unrouted,
  ENETDOWN: unrouted,
  ETIMEDOUT: noConnection,
  UND_ERR_CONNECT_TIMEOUT: noConnection,
};

const byCode: Readonly<Record<string, (host: string) => Judgement>> = {
  UND_ERR_HEADERS_TIMEOUT: (host) => ['timeout', `no answer from ${host} in time`],
  UND_ERR_BODY_TIMEOUT: (host) => ['timeout', `the answer of ${host} stopped in the middle`],
  UND_ERR_RES_EXCEEDED_MAX_SIZE: (host) => [
    'too-large',
    `the answer of ${host} is larger than an answer may be`,
  ],
  UND_ERR_HEADERS_OVERFLOW: headersTooLarge,
  HPE_HEADER_OVERFLOW: headersTooLarge,
};

function factsOf(error: unknown): { name: string; code: string; message: string } {
  if (!(error instanceof Error)) return { name: 'Error', code: '', message: String(error) };
  const code = 'code' in error ? String(error.code) : '';
  // One attempt per address of the name: Node puts them together under an empty message.
  const parts = error instanceof AggregateError ? error.errors.map((part) => factsOf(part).message) : [];
  return { name: error.name, code, message: error.message || parts.join('; ') };
}
