import { setTimeout as sleep } from 'node:timers/promises';
import type { Io } from '../commands.js';

// xterm's alternate screen, as less(1) uses it: what was on the terminal comes back at the end.
const enter = '\x1b[?1049h\x1b[?25l';
const leave = '\x1b[?25h\x1b[?1049l';
const home = '\x1b[H';
const eraseLine = '\x1b[K';
const eraseBelow = '\x1b[J';

/** Shows `render`'s text again and again until Ctrl-C; on a terminal in place, elsewhere one after the other. */
export async function watch(io: Io, render: () => Promise<string>, everyMs: number): Promise<void> {
  const signal = io.untilInterrupted();
  const terminal = io.stdout.isTTY === true;
  if (terminal) io.stdout.write(enter);
  try {
    while (!signal.aborted) {
      const text = await render();
      io.stdout.write(terminal ? frame(text, io.stdout.rows) : `${text}\n`);
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  } finally {
    if (terminal) io.stdout.write(leave);
  }
}

/** One screen: drawn over the last one, line by line, so that it does not flicker. */
function frame(text: string, rows = Number.POSITIVE_INFINITY): string {
  const lines = text.trimEnd().split('\n').slice(0, rows);
  return `${home}${lines.map((line) => line + eraseLine).join('\r\n')}${eraseBelow}`;
}
