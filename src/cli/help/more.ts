import { topicOf } from './topics.js';

/** The most topics that one screen names. */
const most = 3;

/**
 * One line that says where the page for operators has more about these messages: `more: FILE#bird-refuses, #no-handshake`. None
 * where the page is not installed, or has nothing about them.
 */
export function moreAbout(texts: readonly string[], page: string | undefined): string[] {
  const found = [...new Set(texts.flatMap((text) => topicOf(text) ?? []))].slice(0, most);
  if (page === undefined || found.length === 0) return [];
  return [`more: ${page}${found.map((topic) => `#${topic}`).join(', ')}`];
}
