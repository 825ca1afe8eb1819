import type { ResyncResult } from '../../shell/status/status.js';
import type { Context, Io } from '../commands.js';
import { moreAbout } from '../help/more.js';
import { widthOf } from './screen.js';
import { wrap, wrapLine } from './table.js';

/** One JSON document, as `--json` prints it. */
export function toJson(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Warnings go to standard error, so that they never mix with the command's output. */
export function printWarnings(io: Io, warnings: readonly string[]): void {
  const width = widthOf(io.stderr);
  for (const warning of warnings)
    io.stderr.write(`${wrap(`warning: ${printable(warning)}`, width).join('\n')}\n`);
}

/** Errors on standard error, and below them where the page for operators has more. */
export function printErrors(io: Io, errors: readonly string[]): void {
  const lines = errors.map((error) => `moenet-agent: ${error}`);
  for (const line of [...lines, ...moreAbout(errors, io.troubleshootingPage?.())])
    io.stderr.write(`${wrap(line, widthOf(io.stderr)).join('\n')}\n`);
}

/** Sentences and indented lines on standard output, as wide as the terminal is. */
export function printText({ stdout }: Pick<Io, 'stdout'>, text: string): void {
  const width = widthOf(stdout);
  stdout.write(
    text
      .split('\n')
      .flatMap((line) => wrapLine(line, width))
      .join('\n'),
  );
}

/** A command's answer: one JSON document, or the words for people. */
export function printAnswer<T>(
  { io, json }: Pick<Context, 'io' | 'json'>,
  answer: T,
  describe: (answer: T) => string,
) {
  if (json) io.stdout.write(toJson(answer));
  else printText(io, describe(answer));
}

/** `1 change`, `3 changes`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Prints why a command has no answer, under `--json` on standard output as well. Returns the exit code. */
export function fail({ io, json }: Pick<Context, 'io' | 'json'>, words: string): number {
  printErrors(io, [words]);
  if (json) io.stdout.write(toJson({ error: words }));
  return 1;
}

/** Prints a pass's result: changes on standard output, failures on standard error. Returns the exit code. */
export function printPass<R extends ResyncResult>(
  context: Context,
  result: R,
  describe: (result: R) => string = describePass,
): number {
  printAnswer(context, result, describe);
  printErrors(context.io, result.errors.map(printable));
  return result.ok ? 0 : 1;
}

/** The changes that a pass made, a line each. */
export function describePass({ changes, ok }: ResyncResult): string {
  if (changes.length === 0) return ok ? 'nothing to change\n' : 'nothing was changed\n';
  return [
    `made ${counted(changes.length, 'change')}`,
    ...changes.map((text) => `  ${printable(text)}`),
    '',
  ].join('\n');
}

/**
 * Text from outside (descriptions, errors), safe for a terminal: control, format and line-breaking characters become spaces,
 * because they could move the cursor, set a title or hide other text.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
