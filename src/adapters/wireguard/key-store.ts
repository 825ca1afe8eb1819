import type { Secret } from '../../core/model/values/secret.js';
import { sweepTemporaries } from '../../platform/atomic-file.js';
import type { Run } from '../../platform/exec.js';
import { readProblem, readTextFile } from '../../platform/regular-file.js';
import type { KeyStore } from '../../shell/ports/host.js';
import { parsePrivateKey } from './private-key.js';
import { publicKeyOf } from './public-key.js';
import { ensurePublicKeyFile, replacePublicKeyFile } from './public-key-file.js';
import { genkey } from './wg.js';
import { writeNewFile } from './write-new-file.js';

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
      `the private key in ${path} (wireguard.privateKeyPath) is of no use: ${readProblem(error)}`,
      {
        cause: error,
      },
    );
  }
}
