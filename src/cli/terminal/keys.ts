import type { Keyboard } from '../commands.js';

export type Key = 'up' | 'down' | 'page-up' | 'page-down' | 'start' | 'end' | 'quit';

/** What terminals send (xterm, also in application mode), and the letters of less(1). */
const sequences: Readonly<Record<string, Key>> = {
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  k: 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  j: 'down',
  '\x1b[5~': 'page-up',
  b: 'page-up',
  '\x1b[6~': 'page-down',
  ' ': 'page-down',
  '\x1b[H': 'start',
  '\x1bOH': 'start',
  '\x1b[1~': 'start',
  g: 'start',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x1b[4~': 'end',
  G: 'end',
  q: 'quit',
  // Without the terminal's line discipline Ctrl-C is a character and no signal.
  '\x03': 'quit',
};

/** The keys in what a terminal sends at once; other characters are left out. */
export function keysOf(text: string): Key[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
  const parts = text.match(/\x1b\[[\d;]*[A-Za-z~]|\x1bO[A-Z]|[\s\S]/g) ?? [];
  return parts.flatMap((part) => sequences[part] ?? []);
}

/** Calls `onKey` for each key until the returned function gives the terminal its line discipline back. */
export function listenToKeys(keyboard: Keyboard, onKey: (key: Key) => void): () => void {
  const onData = (data: Buffer | string) => {
    for (const key of keysOf(String(data))) onKey(key);
  };
  keyboard.setRawMode?.(true);
  keyboard.on('data', onData);
  keyboard.resume();
  return () => {
    keyboard.off('data', onData);
    keyboard.setRawMode?.(false);
    keyboard.pause();
  };
}
