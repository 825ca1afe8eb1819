import { expect, it } from 'vitest';
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
  const frame = (turn: number) => `\x1b[Hturn ${turn}\x1b[K\r\nx\x1b[K\x1b[J`;
  expect(out).toBe(`\x1b[?1049h\x1b[?25l${frame(1)}${frame(2)}${frame(3)}\x1b[?25h\x1b[?1049l`);
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
