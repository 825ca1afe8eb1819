import { z } from 'zod';
import { policyName } from './policy-name.js';
import { integer } from './values/integer.js';
import { Secret } from './values/secret.js';

const flag = z.unknown().transform((value, context): boolean => {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  context.addIssue({ code: 'custom', message: `${shown(value)} is neither true nor false` });
  return z.NEVER;
});

const addPaths = z.unknown().transform((value, context): 'on' | 'off' | 'rx' | 'tx' => {
  if (value === 'rx' || value === 'tx') return value;
  if (value === true || value === 'true' || value === 'on') return 'on';
  if (value === false || value === 'false' || value === 'off') return 'off';
  context.addIssue({ code: 'custom', message: `${shown(value)} is none of true, false, "rx", "tx"` });
  return z.NEVER;
});

// BIRD has no escape for a quote, and TCP-MD5 keys have 80 bytes at most (RFC 2385 in Linux). The value is never shown.
const passwordText = /^[\x20\x21\x23-\x7e]{1,80}$/;
const passwordError = 'not a BGP password: 1 to 80 printable ASCII characters without " are needed';

const password = z.unknown().transform((value, context): Secret => {
  if (typeof value === 'string' && passwordText.test(value)) return new Secret(value);
  context.addIssue({ code: 'custom', message: passwordError });
  return z.NEVER;
});

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? typeof value).slice(0, 60);
}

/**
 * What one session has otherwise than the network's policy says. The operator's file and the `data` of the session at the
 * control plane have the same keys.
 */
export const sessionOptionKeys = {
  /** How often our AS is in the paths that the neighbor gets, besides once. */
  prepend: integer('a number of times from 0 to 10', 0, 10),
  /** Of what the neighbor sends, at all our nodes. */
  localPreference: integer('a local preference from 0 to 1000', 0, 1000),
  /** Sent with all routes (MULTI_EXIT_DISC): the neighbor prefers the session with the lower one. */
  med: integer('a MED from 0 to 4294967295', 0, 4_294_967_295),
  /** Routes per address family. */
  importLimit: integer('a number of routes from 1 to 1000000', 1, 1_000_000),
  exportLimit: integer('a number of routes from 1 to 1000000', 1, 1_000_000),
  /** Seconds; keepalives go three times as often. */
  holdTime: integer('a hold time from 9 to 3600 seconds', 9, 3600),
  /** TCP-MD5 (RFC 2385). */
  password,
  bfd: flag,
  /** True: the neighbor opens the connection. */
  passive: flag,
  /** RFC 7911. */
  addPaths,
  policy: policyName,
  /** True: BGP stays off, the tunnel stays. */
  shutdown: flag,
  /** False: without RFC 9234 roles. */
  roles: flag,
};

const schema = z.object(sessionOptionKeys).partial();

export type SessionOptions = z.output<typeof schema>;

export type SessionOptionName = keyof SessionOptions;

/** The options for people: a password is only said to be there. */
export function publicOptions({ password: hidden, ...rest }: SessionOptions): PublicOptions {
  return hidden === undefined ? rest : { ...rest, password: 'set' };
}

export type PublicOptions = Omit<SessionOptions, 'password'> & { readonly password?: 'set' };
