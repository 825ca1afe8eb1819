/** Removes a secret from text that may be shown. */
export type Redact = (text: string) => string;

/** A shorter token is a part of words, or a word, that an honest text may contain. Everybody can guess it anyway. */
export const minSecretLength = 8;

// Shorter ones are looked for only behind what a header or a document has before a token.
const minWordLength = 4;

/**
 * Replaces the token by `[token]`, in upper and lower case (a URL's host is lowered) and also as it looks in a URL
 * or in JSON: a server or a proxy in between may send back any of what it was sent. A short token is replaced only where it
 * is a word by itself, and a very short one only where it is said to be a token: the rest of a message stays readable.
 */
export function redactToken(token: string): Redact {
  const spellings = [token, encodeURIComponent(token), JSON.stringify(token).slice(1, -1)];
  const wanted = [...new Set(spellings)].filter((spelling) => spelling !== '').map(escapePattern);
  if (wanted.length === 0) return (text) => text;
  const pattern = new RegExp(`${before(token)}(?:${wanted.join('|')})${after(token)}`, 'gi');
  return (text) => text.replace(pattern, '[token]');
}

function before({ length }: string): string {
  if (length >= minSecretLength) return '';
  return length >= minWordLength ? '(?<![A-Za-z0-9])' : '(?<=(?:bearer|token)["\']?[:=]?\\s*["\']?)';
}

function after({ length }: string): string {
  return length >= minSecretLength ? '' : '(?![A-Za-z0-9])';
}

/** `text` as one line, redacted, at most `maxLength` characters. */
export function excerpt(text: string, redact: Redact, maxLength = 160): string {
  // Redacted before the cut, which could leave a part of the token that is not recognized.
  return cut(redact(clean(text)), maxLength);
}

/** `text` as one line without control and other invisible characters, at most `maxLength` characters. */
export function oneLine(text: string, maxLength: number): string {
  return cut(clean(text), maxLength);
}

function clean(text: string): string {
  return text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
}

function cut(text: string, maxLength: number): string {
  const characters = Array.from(text);
  return characters.length > maxLength ? `${characters.slice(0, maxLength).join('')}…` : text;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
