import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { keysOf } from '../../../src/cli/terminal/keys.js';
import { watch } from '../../../src/cli/terminal/watch.js';
import { fakeTerminal } from '../../fakes/terminal.js';

/** Renders `a`, `b`, `c`, ... and presses Ctrl-C in the course of the third. */
async function watched(io: ReturnType<typeof fakeTerminal>, text: (turn: number) => string): Promise<string> {
  let turn = 0;
  await watch(
    io,
    async () => {
      turn += 1;
      if (turn === 3) io.interrupt();
      return text(turn);
    },
    1,
  );
  return io.out();
}

it('draws over itself on a terminal, and gives the screen back at Ctrl-C', async () => {
  const out = await watched(fakeTerminal({ columns: 80, rows: 24 }), (turn) => `turn ${turn}\nx\n`);
  const frame = (turn: number) => `\x1b[H\x1b[Kturn ${turn}\r\n\x1b[Jx`;
  expect(out).toBe(`\x1b[?1049h\x1b[?25l${frame(1)}${frame(2)}${frame(3)}\x1b[?25h\x1b[?1049l`);
});

it('erases nothing behind a line, where the last character of one as wide as the screen would go', async () => {
  const out = await watched(fakeTerminal({ columns: 4, rows: 3 }), () => 'wide\nfull\n');
  expect(out).toContain('\x1b[H\x1b[Kwide\r\n\x1b[Jfull\x1b');
  for (const erased of ['wide\x1b[K', 'wide\x1b[J', 'full\x1b[K', 'full\x1b[J'])
    expect(out).not.toContain(erased);
});

it('shows no more lines than the screen has', async () => {
  const out = await watched(fakeTerminal({ columns: 80, rows: 2 }), () => 'a\nb\nc\nd\n');
  expect(out).toContain('b');
  expect(out).not.toContain('c');
});

it('prints one after the other elsewhere', async () => {
  expect(await watched(fakeTerminal(), (turn) => `turn ${turn}\n`)).toBe('turn 1\n\nturn 2\n\nturn 3\n\n');
});

it('gives the screen back where rendering fails', async () => {
  const io = fakeTerminal({ columns: 80 });
  await expect(watch(io, () => Promise.reject(new Error('gone')), 1)).rejects.toThrow('gone');
  expect(io.out().endsWith('\x1b[?1049l')).toBe(true);
});

describe('the keyboard', () => {
  const text = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`).join('\n');

  /** Presses the keys one after the other, then q, and returns what each press drew. */
  async function pressed(...keys: readonly string[]) {
    const modes: boolean[] = [];
    const keyboard = Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode: (isRaw: boolean) => modes.push(isRaw),
    });
    const io = { ...fakeTerminal({ columns: 80, rows: 5 }), keyboard: () => keyboard };
    let drawn = '';
    const done = watch(io, async () => text, 3_600_000);
    const next = async () => {
      while (io.out() === drawn) await new Promise((resolve) => setImmediate(resolve));
      const news = io.out().slice(drawn.length);
      drawn = io.out();
      return news.match(/line(?:s \d+-\d+ of \d+| \d+)/g) ?? [];
    };
    while (!io.out().includes('q quits')) await new Promise((resolve) => setImmediate(resolve));
    const screens = [await next()];
    for (const key of keys) {
      keyboard.write(key);
      screens.push(await next());
    }
    keyboard.write('q');
    await done;
    return { screens, modes, out: io.out(), keyboard };
  }

  const at = (first: number) => [
    ...[0, 1, 2, 3].map((index) => `line ${first + index}`),
    `lines ${first}-${first + 3} of 10`,
  ];

  it('scrolls by a line, by a screen, and not beyond the ends', async () => {
    const { screens } = await pressed(
      '\x1b[B',
      '\x1b[A',
      '\x1b[A',
      '\x1b[6~',
      '\x1b[6~',
      '\x1b[5~',
      '\x1b[H',
    );
    expect(screens).toEqual([at(1), at(2), at(1), at(1), at(5), at(7), at(3), at(1)]);
  });

  it('ends it with q, and gets its line discipline and the screen back', async () => {
    const { modes, out, keyboard } = await pressed();
    expect(modes).toEqual([true, false]);
    expect(keyboard.listenerCount('data')).toBe(0);
    expect(out.endsWith('\x1b[?25h\x1b[?1049l')).toBe(true);
  });

  it('sends several keys at once, and others that mean nothing', () => {
    expect(keysOf('\x1b[B\x1bOBx\x1b[1;5Cj\x1b[6~\x03')).toEqual([
      'down',
      'down',
      'down',
      'page-down',
      'quit',
    ]);
  });
});
