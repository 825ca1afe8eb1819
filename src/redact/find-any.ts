/** A text to find. `isWord`: only where it is a word by itself. */
interface Wanted {
  readonly text: string;
  readonly isWord: boolean;
}

/** The places of a text where one of the wanted texts stands, in their order; they do not overlap. */
export type Finder = (text: string) => Iterable<{ readonly start: number; readonly end: number }>;

const startLength = 4;

/**
 * Finds any of many texts of at least four characters, without regard to the case of ASCII letters. It looks up the first four characters at
 * each place; a regular expression of ten thousand alternatives needs minutes for what this does in a second.
 */
export function findAny(wanted: readonly Wanted[]): Finder {
  const byStart = new Map<string, Wanted[]>();
  const firsts = new Uint8Array(65_536);
  for (const { text, isWord } of wanted) {
    const lowered = lower(text);
    const start = lowered.slice(0, startLength);
    byStart.set(start, [...(byStart.get(start) ?? []), { text: lowered, isWord }]);
    firsts[hashAt(lowered, 0)] = 1;
  }
  for (const each of byStart.values()) each.sort((a, b) => b.text.length - a.text.length);

  return function* find(text) {
    if (byStart.size === 0) return;
    const lowered = lower(text);
    for (let start = 0; start + startLength <= lowered.length; ) {
      const end = firsts[hashAt(lowered, start)] === 1 ? endAt(lowered, start) : undefined;
      if (end !== undefined) yield { start, end };
      start = end ?? start + 1;
    }
  };

  function endAt(text: string, start: number): number | undefined {
    const candidates = byStart.get(text.slice(start, start + startLength)) ?? [];
    const found = candidates.find(
      (each) => text.startsWith(each.text, start) && (!each.isWord || isAlone(text, start, each.text.length)),
    );
    return found && start + found.text.length;
  }
}

/** Keeps the length of the text, unlike the lower case of some letters beyond ASCII. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function hashAt(text: string, at: number): number {
  const sum = text.charCodeAt(at) + 31 * text.charCodeAt(at + 1) + 961 * text.charCodeAt(at + 2);
  return (sum + 29_791 * text.charCodeAt(at + 3)) & 0xffff;
}

function isAlone(text: string, start: number, length: number): boolean {
  const isLetter = (character: string | undefined) => /^[a-z0-9]$/.test(character ?? '');
  return !isLetter(text[start - 1]) && !isLetter(text[start + length]);
}
