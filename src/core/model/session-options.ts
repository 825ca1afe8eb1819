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
  prepend: told(
    integer('a number of times from 0 to 10', 0, 10),
    '0 to 10',
    'our AS is so many times more in the paths that the neighbor gets',
  ),
  localPreference: told(
    integer('a local preference from 0 to 1000', 0, 1000),
    '0 to 1000',
    "of what the neighbor sends, at all our nodes, instead of the policy's; graceful shutdown still comes last. Data: at most 100",
  ),
  med: told(
    integer('a MED from 0 to 4294967295', 0, 4_294_967_295),
    '0 to 4294967295',
    'MED of all that we send: the neighbor prefers the session with the lower one',
  ),
  importLimit: told(
    integer('a number of routes from 1 to 1000000', 1, 1_000_000),
    '1 to 1000000',
    "routes per address family that we take. Data: at most the network's limit",
  ),
  exportLimit: told(
    integer('a number of routes from 1 to 1000000', 1, 1_000_000),
    '1 to 1000000',
    "routes per address family that we send. Data: at most the network's limit",
  ),
  policy: told(
    policyName,
    '`full`, `peer`, `upstream`, `downstream`',
    'Data: only a narrower one: `peer` instead of any, `downstream` instead of `full`',
  ),
  shutdown: told(
    flag,
    'true, false',
    'BGP stays off and the tunnel stays, like after `disable`. It comes back when the option goes',
  ),
  holdTime: told(
    integer('a hold time from 9 to 3600 seconds', 9, 3600),
    '9 to 3600',
    'seconds; keepalives go three times as often',
  ),
  password: told(
    password,
    '1 to 80 printable ASCII characters without `"`',
    "TCP-MD5 (RFC 2385). No message, `status` or plan shows it. It stands in the session's file in BIRD's directory, which only root and BIRD's group can read",
  ),
  bfd: told(
    flag,
    'true, false',
    'BFD with a packet a second; five lost ones end the session. Needs BFD at the other end. In full mode the agent adds the protocol `moenet_bfd`; with `bird.mode` `include` your `bird.conf` needs a BFD protocol',
  ),
  passive: told(flag, 'true, false', 'the neighbor opens the connection'),
  addPaths: told(addPaths, 'true, false, `rx`, `tx`', 'RFC 7911'),
  roles: told(flag, 'false', 'the session does without RFC 9234 roles'),
};

/** A key with what it may be and what that means, for the documents, in Markdown. "Data": what holds in `data` only. */
function told<Schema extends z.ZodType>(schema: Schema, value: string, meaning: string): Schema {
  return schema.meta({ description: meaning, value });
}

export const sessionOptions = z.object(sessionOptionKeys).partial();

export type SessionOptions = z.output<typeof sessionOptions>;

export type SessionOptionName = keyof SessionOptions;

/** The options for people: a password is only said to be there. */
export function toPublicOptions({ password: hidden, ...rest }: SessionOptions): PublicOptions {
  return hidden === undefined ? rest : { ...rest, password: 'set' };
}

export const publicOptions = sessionOptions.extend({ password: z.literal('set').optional() });

type PublicOptions = z.output<typeof publicOptions>;
