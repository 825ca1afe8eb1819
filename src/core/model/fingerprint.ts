import type { BirdFile } from './artifacts.js';

/**
 * A short text that differs where the files do: 64 bits, twice FNV-1a (32 bits, other offsets). It recognises files that
 * were tried before; it does not protect against deliberate collisions.
 */
export function fingerprintOf(files: readonly BirdFile[], birdVersion: string | undefined): string {
  const texts = files.map(({ path, content }) => `${path}\0${content}\0`).sort();
  return hashOf([birdVersion ?? '', ...texts]);
}

/** 64 bits of the texts as hexadecimal digits. */
export function hashOf(texts: readonly string[]): string {
  return [0x811c9dc5, 0x9e3779b9].map((offset) => fnv(texts, offset)).join('');
}

function fnv(texts: readonly string[], offset: number): string {
  let hash = offset;
  for (const text of texts) {
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
