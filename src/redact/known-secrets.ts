import { type Finder, findAny } from './find-any.js';
import { spellingsOf } from './spellings.js';

/** Removes secrets from text that may be shown. */
export type Redact = (text: string) => string;

/** A shorter secret is a part of words, or a word, that an honest text may contain. Everybody can guess it anyway. */
export const minSecretLength = 8;

// Shorter ones are looked for only behind what a header or a document has before a secret.
const minWordLength = 4;

/**
 * Replaces the secrets by `mark`, in upper and lower case (a URL's host is lowered) and in every encoding in which a program
 * may show them. A short secret is replaced only where it is a word by itself, and a very short one only where the text says that it is
 * one: the rest of the text stays readable.
 */
export function redactKnown(secrets: readonly string[], mark = '[secret]'): Redact {
  const usable = [...new Set(secrets)].filter((secret) => secret !== '');
  const long = usable.filter(({ length }) => length >= minSecretLength).flatMap(spellingsOf);
  const words = usable.filter(({ length }) => length >= minWordLength && length < minSecretLength);
  const tiny = usable.filter(({ length }) => length < minWordLength);
  const find = findAny([
    ...long.map((text) => ({ text, isWord: false })),
    ...words.flatMap(spellingsOf).map((text) => ({ text, isWord: true })),
  ]);
  const pattern = tiny.length === 0 ? undefined : tinyPattern(tiny);
  return (text) => {
    const found = replaceAll(text, find, mark);
    return pattern ? found.replace(pattern, mark) : found;
  };
}

function replaceAll(text: string, find: Finder, mark: string): string {
  const parts: string[] = [];
  let end = 0;
  for (const found of find(text)) {
    parts.push(text.slice(end, found.start), mark);
    end = found.end;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(end);
}

function tinyPattern(secrets: readonly string[]): RegExp {
  const any = secrets.flatMap(spellingsOf).map(escapePattern).join('|');
  return new RegExp(`(?<=(?:bearer|token|password)["']?[:=]?\\s*["']?)(?:${any})(?![A-Za-z0-9])`, 'gi');
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
