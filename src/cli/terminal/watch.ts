import { setTimeout as sleep } from 'node:timers/promises';
import type { Io } from '../commands.js';
import { type Key, listenToKeys } from './keys.js';

// xterm's alternate screen, as less(1) uses it: what was on the terminal comes back at the end.
const enter = '\x1b[?1049h\x1b[?25l';
const leave = '\x1b[?25h\x1b[?1049l';
const home = '\x1b[H';
const eraseLine = '\x1b[K';
const eraseBelow = '\x1b[J';

/**
 * Shows `render`'s text again and again until q or Ctrl-C; on a terminal in place, where arrow keys and Page Up and Down scroll it,
 * elsewhere one after the other.
 */
export async function watch(io: Io, render: () => Promise<string>, everyMs: number): Promise<void> {
  const quit = new AbortController();
  const signal = AbortSignal.any([io.untilInterrupted(), quit.signal]);
  if (io.stdout.isTTY !== true)
    return repeat(signal, everyMs, async () => void io.stdout.write(`${await render()}\n`));

  const keyboard = io.keyboard?.();
  const screen = openScreen(io, keyboard?.isTTY === true);
  io.stdout.write(enter);
  const stopKeys =
    keyboard?.isTTY === true
      ? listenToKeys(keyboard, (key) => (key === 'quit' ? quit.abort() : screen.scroll(key)))
      : undefined;
  try {
    await repeat(signal, everyMs, async () => screen.show(await render()));
  } finally {
    stopKeys?.();
    io.stdout.write(leave);
  }
}

async function repeat(signal: AbortSignal, everyMs: number, act: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await act();
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}

/** A text on the terminal, of which `scroll` chooses the visible part. */
function openScreen({ stdout }: Io, hasKeys: boolean) {
  let lines: readonly string[] = [];
  let top = 0;
  const rows = () => stdout.rows ?? Number.POSITIVE_INFINITY;
  const isLong = () => lines.length > rows();
  /** The lowest line says where the reader is. */
  const height = () => (hasKeys && isLong() ? Math.max(1, rows() - 1) : rows());
  const lowest = () => Math.max(0, lines.length - height());
  const draw = () => {
    top = Math.min(Math.max(0, top), lowest());
    const shown = lines.slice(top, top + height());
    const where = `lines ${top + 1}-${top + shown.length} of ${lines.length}; arrow keys scroll, q quits`;
    const all = hasKeys && isLong() ? [...shown, where.slice(0, stdout.columns ?? where.length)] : shown;
    // Drawn over the last one, line by line, so that it does not flicker. Erased at the start of a line: after one as wide as the screen,
    // the cursor of xterm and of the kernel's console still stands on its last character.
    const erase = (at: number) => (at === all.length - 1 ? eraseBelow : eraseLine);
    stdout.write(home + all.map((line, at) => erase(at) + line).join('\r\n'));
  };
  const steps: Readonly<Record<Exclude<Key, 'quit'>, () => number>> = {
    up: () => -1,
    down: () => 1,
    'page-up': () => -height(),
    'page-down': () => height(),
    start: () => -lines.length,
    end: () => lines.length,
  };
  return {
    show: (text: string) => {
      lines = text.trimEnd().split('\n');
      draw();
    },
    scroll: (key: Exclude<Key, 'quit'>) => {
      top += steps[key]();
      draw();
    },
  };
}
