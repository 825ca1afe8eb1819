import { type Redact, redactKnown } from '../../redact/known-secrets.js';

/**
 * Replaces the token by `[token]`: a server or a proxy in between may send back any of what it was sent, as it looks in a URL, in JSON or in a
 * header.
 */
export function redactToken(token: string): Redact {
  return redactKnown([token], '[token]');
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
