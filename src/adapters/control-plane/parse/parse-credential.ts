import { z } from 'zod';
import { Secret } from '../../../core/model/values/secret.js';
import { wireGuardKey } from '../../../core/model/values/wireguard-key.js';
import { isRaw, present } from './fields.js';

/** What a session's credential says, not checked yet. */
export interface RawCredential {
  readonly publicKey: unknown;
  readonly presharedKey?: unknown;
  readonly listenPort?: unknown;
  readonly endpoint?: unknown;
  readonly mtu?: unknown;
}

/** Takes a bare public key, an object, or either of them as JSON text, in all spellings that are in use. */
export function readCredential(credential: unknown): RawCredential {
  const content = unpackCredential(credential);
  if (!isRaw(content)) return { publicKey: present(content) };
  return {
    publicKey: present(content['public_key'], content['publicKey'], content['pubkey']),
    presharedKey: present(content['preshared_key'], content['presharedKey'], content['psk']),
    listenPort: present(content['listen_port'], content['listenPort']),
    endpoint: present(content['endpoint']),
    mtu: present(content['mtu']),
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
  publicKey: wireGuardKey.refine((key) => key !== zeros, "a key of zeros is nobody's"),
  presharedKey: wireGuardKey
    .optional()
    .transform((key) => (key === undefined || key === zeros ? undefined : new Secret(key))),
});
