import { createHash } from 'node:crypto';

/** Of the envelope, not of the documents in it. A file of a newer version is left alone. */
const version = 1;

/** The text of a state file: the document with a version and a checksum, so that damage is told from content. */
export function seal(document: unknown): string {
  const text = JSON.stringify(document);
  if (text === undefined) throw new Error('a state document must be something that JSON can say');
  return `{"version":${version},"sha256":"${checksum(text)}","document":${text}}\n`;
}

/** The document in the text of a state file, or undefined where it is torn, damaged or of a newer version. */
export function unseal(text: string): { readonly document: unknown } | undefined {
  try {
    const sealed = JSON.parse(text);
    const intact = sealed?.version === version && sealed.sha256 === checksum(JSON.stringify(sealed.document));
    return intact ? { document: sealed.document } : undefined;
  } catch {
    return undefined;
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
