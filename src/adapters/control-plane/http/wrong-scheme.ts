import type { Server } from './transport.js';

/** What is said where a request without TLS came to a port with TLS. */
export function speaksTls(host: string): string {
  return `${host} speaks TLS; does bootstrap.apiUrl need https://?`;
}

// OpenSSL took what the server said for a record of TLS: versions differ in what they then complain of.
const noRecord = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|wrong version number|packet length too long/i;

/** Why the server cannot be understood, where `bootstrap.apiUrl` may begin with the wrong scheme; undefined: not for that. */
export function wrongScheme(error: unknown, { host, isTls }: Server): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, data } = error as Error & { readonly code?: unknown; readonly data?: unknown };
  if (isTls)
    return noRecord.test(`${code} ${error.message}`)
      ? `${host} does not speak TLS, perhaps plain HTTP; does bootstrap.apiUrl need http://?`
      : undefined;
  // A record of TLS that holds an alert (RFC 8446, section 5.1).
  return typeof data === 'string' && data.startsWith('\x15\x03') ? speaksTls(host) : undefined;
}
