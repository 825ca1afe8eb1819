import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { PeerSecrets } from './peer-tunnel.js';

/** A new WireGuard key pair (X25519, RFC 7748), and a preshared key where one is wanted, in base64 as wg(8) has it. */
export function makePeerSecrets(hasPresharedKey: boolean): PeerSecrets {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return {
    privateKey: lastBytes(privateKey.export({ format: 'der', type: 'pkcs8' })),
    publicKey: lastBytes(publicKey.export({ format: 'der', type: 'spki' })),
    presharedKey: hasPresharedKey ? randomBytes(32).toString('base64') : undefined,
  };
}

function lastBytes(der: Buffer): string {
  return der.subarray(-32).toString('base64');
}
