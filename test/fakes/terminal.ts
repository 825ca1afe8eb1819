import { Writable } from 'node:stream';
import type { Io, Output } from '../../src/cli/commands.js';

export interface FakeTerminal extends Io {
  /** What was written so far. */
  out(): string;
  err(): string;
  /** Ctrl-C. */
  interrupt(): void;
}

/** A terminal (with `columns`), or pipes, in a working directory, at the moment 1,700,000,020. */
export function fakeTerminal(
  options: { cwd?: string; columns?: number; rows?: number; env?: Record<string, string> } = {},
): FakeTerminal {
  const stdout = output(options.columns, options.rows);
  const stderr = output(undefined, undefined);
  const controller = new AbortController();
  return {
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: options.env ?? {},
    cwd: options.cwd ?? '/nonexistent',
    now: () => 1_700_000_020_000,
    untilInterrupted: () => controller.signal,
    out: stdout.text,
    err: stderr.text,
    interrupt: () => controller.abort(),
  };
}

function output(columns: number | undefined, rows: number | undefined) {
  const chunks: string[] = [];
  const stream: Output = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        chunks.push(String(chunk));
        done();
      },
    }),
    columns === undefined ? {} : { isTTY: true, columns, ...(rows === undefined ? {} : { rows }) },
  );
  return { stream, text: () => chunks.join('') };
}
