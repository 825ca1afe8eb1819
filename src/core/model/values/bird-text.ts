import type { z } from 'zod';

/** Text that is safe between double quotes in BIRD's configuration. */
export type BirdText = string & z.$brand<'BirdText'>;

// BIRD's strings have no escape: a `"` or a line end closes them, and 4,096 bytes crash the daemon. Control and
// other invisible characters could deceive a person who reads the file.
const unsafe = /["\p{C}\p{Zl}\p{Zp}]/gu;

/** Turns any text into `BirdText`: unsafe characters become spaces, at most `maxLength` characters remain. */
export function toBirdText(text: string, maxLength = 200): BirdText {
  const safe = text.replace(unsafe, ' ').replace(/\s+/g, ' ').trim();
  return Array.from(safe).slice(0, maxLength).join('').trim() as BirdText;
}
