import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Secret } from '../../core/model/secret.js';
import {
  sweepTemporaries,
  syncDirectory,
  temporaryPath,
  writeFileAtomic,
} from '../../platform/atomic-file.js';
import type { Run } from '../../platform/exec.js';
import type { KeyPair, KeyStore } from '../../shell/ports.js';
import { parsePrivateKey } from './private-key.js';
import { publicKeyOf } from './public-key.js';
import { genkey } from './wg.js';

/**
 * The node's key pair: the private key 0600, the public key 0644 beside it, both as `wg genkey` and `wg pubkey` print
 * them. The private key counts: a public key file that is missing is made from it.
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
      const text = await readIfThere(privateKeyPath);
      if (text === undefined) return undefined;
      const pair = pairOf(parsePrivateKey(text, privateKeyPath));
      if ((await readIfThere(publicKeyPath)) === undefined) await writePublicKey(publicKeyPath, pair);
      return pair;
    },
    create: async () => {
      const pair = pairOf(await genkey(run));
      await writeNew(privateKeyPath, `${pair.privateKey.reveal()}\n`);
      await writePublicKey(publicKeyPath, pair);
      return pair;
    },
  };
}

function pairOf(privateKey: Secret): KeyPair {
  return { privateKey, publicKey: publicKeyOf(privateKey.reveal()) };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writePublicKey(path: string, pair: KeyPair): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileAtomic(path, `${pair.publicKey}\n`, { mode: 0o644 });
}

/**
 * Writes a file (0600) that must not be there yet. A link, unlike a rename, fails where there is one (link(2)), and
 * unlike an exclusive open it shows the file only when all of it is on the disk.
 */
async function writeNew(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = temporaryPath(path);
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx', flush: true });
    await link(temporary, path);
    await syncDirectory(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
}
