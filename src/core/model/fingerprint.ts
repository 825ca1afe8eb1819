import type { BirdFile } from './artifacts.js';

/**
 * A short text that differs where the files do: 64 bits, twice FNV-1a (32 bits, other offsets). It recognises files that
 * were tried before; it does not protect against deliberate collisions.
 */
export function fingerprintOf(files: readonly BirdFile[], birdVersion: string | undefined): string {
  return hashOf([birdVersion ?? '', ...files.map(hashOfFile).sort()]);
}

// A file that is as it was in the last pass is the same object.
const hashes = new WeakMap<BirdFile, string>();

function hashOfFile(file: BirdFile): string {
  const hash = hashes.get(file) ?? hashOf([file.path, '\0', file.content]);
  hashes.set(file, hash);
  return hash;
}

/** 64 bits of the texts as hexadecimal digits. */
export function hashOf(texts: readonly string[]): string {
  let [first, second] = [0x811c9dc5, 0x9e3779b9];
  for (const text of texts) {
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      first = Math.imul(first ^ code, 0x01000193);
      second = Math.imul(second ^ code, 0x01000193);
    }
  }
  return digitsOf(first) + digitsOf(second);
}

function digitsOf(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}
