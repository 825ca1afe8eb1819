import { Secret } from '../../core/model/values/secret.js';
import { isWireGuardKey } from '../../core/model/values/wireguard-key.js';
import { sweepTemporaries } from '../../platform/atomic-file.js';
import type { Run } from '../../platform/exec.js';
import { readProblem, readTextFile } from '../../platform/regular-file.js';
import { writeNewFile } from '../../platform/write-new-file.js';
import type { KeyStore } from '../../shell/ports/host.js';
import { publicKeyOf } from './public-key.js';
import { ensurePublicKeyFile, replacePublicKeyFile } from './public-key-file.js';
import { genkey } from './wg.js';

/**
 * The node's key pair: the private key 0600, the public key 0644 beside it, both as `wg genkey` and `wg pubkey` print
 * them. The private key counts; the public key file is for people, and no file that holds something else is replaced by it.
 */
export function openKeyStore(options: {
  readonly privateKeyPath: string;
  readonly publicKeyPath: string;
  readonly run: Run;
}): KeyStore {
  const { privateKeyPath, publicKeyPath, run } = options;
  let swept = false;
  return {
    read: async () => {
      if (!swept) await Promise.all([privateKeyPath, publicKeyPath].map(sweepTemporaries));
      swept = true;
      const text = await readPrivateKey(privateKeyPath);
      if (text === undefined) return undefined;
      const privateKey = parsePrivateKey(text, privateKeyPath);
      const publicKey = publicKeyOf(privateKey.reveal());
      return { privateKey, publicKey, problem: await ensurePublicKeyFile(publicKeyPath, publicKey) };
    },
    create: async () => {
      const privateKey: Secret = await genkey(run);
      const publicKey = publicKeyOf(privateKey.reveal());
      await writeNewFile(privateKeyPath, `${privateKey.reveal()}\n`, 0o600);
      return { privateKey, publicKey, problem: await replacePublicKeyFile(publicKeyPath, publicKey) };
    },
  };
}

async function readPrivateKey(path: string): Promise<string | undefined> {
  try {
    return (await readTextFile(path)).text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(
      `the private key in ${path} (wireguard.privateKeyPath) cannot be used: ${readProblem(error)}`,
      {
        cause: error,
      },
    );
  }
}

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
