import { Secret } from '../../core/model/values/secret.js';
import { isWireGuardKey } from '../../core/model/values/wireguard-key.js';

/**
 * The private key in the text of a key file, in the form in which interfaces show it: with the bits set that every
 * Curve25519 key has (RFC 7748, section 5). `wg genkey` sets them; keys of other makers may lack them, and would
 * never compare equal to what `wg show` prints. Throws, naming `path` but not its content, where there is no key.
 */
export function parsePrivateKey(text: string, path: string): Secret {
  const bytes = Buffer.from(text.trim(), 'base64');
  // WireGuard takes 32 zero bytes for "no key".
  if (!isWireGuardKey(text.trim()) || bytes.every((byte) => byte === 0))
    throw new Error(`${path} holds no WireGuard private key: 32 bytes in base64, 44 characters`);
  bytes[0] = (bytes[0] ?? 0) & 0xf8;
  bytes[31] = ((bytes[31] ?? 0) & 0x7f) | 0x40;
  return new Secret(bytes.toString('base64'));
}
