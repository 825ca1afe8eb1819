import type { ResyncResult } from '../../shell/status/status.js';
import { counted, printable } from '../../words/text.js';
import type { Context, Io, Output } from '../commands.js';
import { moreAbout } from '../help/more.js';
import { widthOf } from './screen.js';

/** One JSON document, as `--json` prints it. */
export function toJson(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Warnings go to standard error, so that they never mix with the command's output. */
export async function printWarnings(io: Io, warnings: readonly string[]): Promise<void> {
  if (warnings.length === 0) return;
  await printLines(io.stderr, [...warnings.map((warning) => `warning: ${printable(warning)}`), '']);
}

/** Errors on standard error, and below them where the page for operators has more. */
export async function printErrors(io: Io, errors: readonly string[]): Promise<void> {
  if (errors.length === 0) return;
  const lines = errors.map((error) => `moenet-agent: ${error}`);
  const more = moreAbout(errors, io.troubleshootingPage?.());
  await printLines(io.stderr, [...lines, ...more, '']);
}

/** Sentences and indented lines on standard output. */
export function printText({ stdout }: Pick<Io, 'stdout'>, text: string): Promise<void> {
  return printLines(stdout, text.split('\n'));
}

/** Lines, as wide as the terminal is. */
async function printLines(output: Output, lines: readonly string[]): Promise<void> {
  const width = widthOf(output);
  if (!Number.isFinite(width)) return void output.write(lines.join('\n'));
  // What knows the width of characters takes longer to load than all else that most commands need.
  const { wrapLine } = await import('./table.js');
  output.write(lines.flatMap((line) => wrapLine(line, width)).join('\n'));
}

/** A command's answer: one JSON document, or the words for people. */
export async function printAnswer<T>(
  { io, json }: Pick<Context, 'io' | 'json'>,
  answer: T,
  describe: (answer: T) => string,
): Promise<void> {
  if (json) io.stdout.write(toJson(answer));
  else await printText(io, describe(answer));
}

/** Prints why a command has no answer, under `--json` on standard output as well. Returns the exit code. */
export async function fail({ io, json }: Pick<Context, 'io' | 'json'>, words: string): Promise<number> {
  await printErrors(io, [words]);
  if (json) io.stdout.write(toJson({ error: words }));
  return 1;
}

/** Prints a pass's result: changes on standard output, failures on standard error. Returns the exit code. */
export async function printPass<R extends ResyncResult>(
  context: Context,
  result: R,
  describe: (result: R) => string = describePass,
): Promise<number> {
  await printAnswer(context, result, describe);
  await printErrors(context.io, result.errors.map(printable));
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
