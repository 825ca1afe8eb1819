import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { PeerSecrets } from './peer-tunnel.js';

// RFC 8410: what stands before the 32 bytes of an X25519 private key in PKCS #8.
const pkcs8Head = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** A new WireGuard key pair (X25519, RFC 7748), and a preshared key where one is wanted, in base64 as wg(8) has it. */
export function makePeerSecrets(hasPresharedKey: boolean): PeerSecrets {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return {
    privateKey: lastBytes(privateKey.export({ format: 'der', type: 'pkcs8' })),
    publicKey: lastBytes(publicKey.export({ format: 'der', type: 'spki' })),
    presharedKey: hasPresharedKey ? randomBytes(32).toString('base64') : undefined,
  };
}

/** The public key that belongs to a private key, both in base64. */
export function publicKeyOf(privateKey: string): string {
  const der = Buffer.concat([pkcs8Head, Buffer.from(privateKey, 'base64')]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return lastBytes(key.export({ format: 'der', type: 'spki' }));
}

function lastBytes(der: Buffer): string {
  return der.subarray(-32).toString('base64');
}
