import { createHash } from 'node:crypto';

/** Of the envelope, not of the documents in it. */
const version = 1;

/** What the text of a state file turned out to be. */
export type Unsealed =
  | { readonly kind: 'good'; readonly document: unknown }
  /** Torn, or changed since it was written. */
  | { readonly kind: 'damaged' }
  /** Written by a newer agent: not understood here, and of worth to the one who understands it. */
  | { readonly kind: 'newer'; readonly version: number };

/** The text of a state file: the document with a version and a checksum, so that damage is told from content. */
export function seal(document: unknown): string {
  const text = JSON.stringify(document);
  if (text === undefined) throw new Error('a state document must be something that JSON can say');
  return `{"version":${version},"sha256":"${checksum(text)}","document":${text}}\n`;
}

/** Reads the text of a state file. Never throws. */
export function unseal(text: string): Unsealed {
  try {
    const sealed = JSON.parse(text);
    if (Number.isInteger(sealed?.version) && sealed.version > version)
      return { kind: 'newer', version: sealed.version };
    const intact = sealed?.version === version && sealed.sha256 === checksum(JSON.stringify(sealed.document));
    return intact ? { kind: 'good', document: sealed.document } : { kind: 'damaged' };
  } catch {
    return { kind: 'damaged' };
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
