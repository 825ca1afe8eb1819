import { dirname } from 'node:path';
import { isWireGuardKey } from '../../core/model/values/wireguard-key.js';
import { writeFileAtomic } from '../../platform/atomic-file.js';
import { causeOf, diskError } from '../../platform/disk-error.js';
import { readProblem, readTextFile } from '../../platform/regular-file.js';
import { writeNewFile } from '../../platform/write-new-file.js';

/**
 * Makes sure that there is a public key file for people to read: one is made where there is none. Returns why what is there
 * does not hold the key; undefined where all is well.
 */
export async function ensurePublicKeyFile(path: string, publicKey: string): Promise<string | undefined> {
  try {
    const { text } = await readTextFile(path);
    if (text.trim() === publicKey) return undefined;
    const what = isWireGuardKey(text.trim()) ? 'another key' : 'no WireGuard public key';
    return foreign(path, `it holds ${what}`);
  } catch (error) {
    return isAbsent(error) ? make(path, publicKey) : foreign(path, readProblem(error));
  }
}

/**
 * Writes the public key of a new pair, also over a public key of before. Anything else stays as it is: a file that not
 * everybody can read may be a private key, which looks the same. Returns why the key could not be written.
 */
export async function replacePublicKeyFile(path: string, publicKey: string): Promise<string | undefined> {
  try {
    const { text, mode } = await readTextFile(path, { links: 'refuse' });
    if (!isWireGuardKey(text.trim())) return foreign(path, 'it holds no WireGuard public key');
    if ((mode & 0o004) === 0) return foreign(path, 'not everybody can read it, so it may be a private key');
    await writeFileAtomic(path, `${publicKey}\n`, { mode: 0o644 });
    return undefined;
  } catch (error) {
    return isAbsent(error) ? make(path, publicKey) : foreign(path, readProblem(error));
  }
}

async function make(path: string, publicKey: string): Promise<string | undefined> {
  try {
    await writeNewFile(path, `${publicKey}\n`, 0o644);
    return undefined;
  } catch (error) {
    // The same words each time: the system's name the temporary file.
    const why = causeOf(diskError(dirname(path), error));
    return `the agent cannot write the public key to ${path} (wireguard.publicKeyPath): ${why}. Only people need that file; tunnels work without it`;
  }
}

function foreign(path: string, why: string): string {
  return `the agent does not write the public key to ${path} (wireguard.publicKeyPath): ${why}. Move that file away, or set another path in the configuration file`;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
