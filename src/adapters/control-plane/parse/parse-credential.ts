import { z } from 'zod';
import { Secret } from '../../../core/model/values/secret.js';
import { wireGuardKey } from '../../../core/model/values/wireguard-key.js';
import { optional, rowOf } from './fields.js';
import { isRaw, present } from './json.js';
import { hidden, type Note, nullable, unheard } from './promised.js';

/** What a session's credential says, not checked yet. */
export interface RawCredential {
  readonly publicKey: unknown;
  readonly presharedKey?: unknown;
  readonly listenPort?: unknown;
  readonly endpoint?: unknown;
  readonly mtu?: unknown;
}

// Who wrote the row decides which of these are there.
const rawKeys = {
  public_key: optional(hidden('string')),
  publicKey: optional(hidden('string')),
  // Null where only the preshared key was edited.
  pubkey: optional(nullable(hidden('string'))),
  preshared_key: optional(nullable(hidden('string'))),
  presharedKey: optional(nullable(hidden('string'))),
  psk: optional(nullable(hidden('string'))),
  listen_port: optional(nullable(hidden('number'))),
  listenPort: optional(nullable(hidden('number'))),
  endpoint: optional(nullable(hidden('string'))),
  mtu: optional(nullable(hidden('number'))),
};

/** Takes a bare public key, an object, or either of them as JSON text, in all spellings that are in use. */
export function readCredential(credential: unknown, note: Note = unheard): RawCredential {
  const content = unpackCredential(credential);
  if (!isRaw(content)) {
    if (credential !== undefined) nullable(hidden('string'))(content, 'credential', note);
    return { publicKey: present(content) };
  }
  const raw = rowOf(content, rawKeys, 'credential', note);
  return {
    publicKey: present(raw.public_key, raw.publicKey, raw.pubkey),
    presharedKey: present(raw.preshared_key, raw.presharedKey, raw.psk),
    listenPort: present(raw.listen_port, raw.listenPort),
    endpoint: present(raw.endpoint),
    mtu: present(raw.mtu),
  };
}

/** The key or the object in a credential, also where it is JSON text. */
export function unpackCredential(credential: unknown): unknown {
  if (typeof credential !== 'string') return credential;
  const text = credential.trim();
  // A key begins with neither of these.
  if (!text.startsWith('{') && !text.startsWith('"')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// WireGuard takes a preshared key of zeros for none, and shows none (wg(8)).
const zeros = `${'A'.repeat(43)}=`;

/** The keys of a credential; a preshared key is a `Secret` from here on, and is not in the message when it is none. */
export const credentialKeys = z.object({
  publicKey: wireGuardKey.refine((key) => key !== zeros, 'is all zeros, which is no key'),
  presharedKey: wireGuardKey
    .optional()
    .transform((key) => (key === undefined || key === zeros ? undefined : new Secret(key))),
});
