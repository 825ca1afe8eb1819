import { createPrivateKey, createPublicKey } from 'node:crypto';

// RFC 8410: what stands before the 32 bytes of an X25519 private key in PKCS #8.
const pkcs8Head = Buffer.from('302e020100300506032b656e04220420', 'hex');

/**
 * The public key of a private key (X25519, RFC 7748), both in base64, as `wg pubkey` prints it. Made here, for a pass needs
 * it each time. Throws where those are fewer than 32 bytes.
 */
export function publicKeyOf(privateKey: string): string {
  const der = Buffer.concat([pkcs8Head, Buffer.from(privateKey, 'base64')]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return key.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
}
