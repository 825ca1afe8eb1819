import type { ResyncResult } from '../shell/status/status.js';
import type { Context, Io } from './commands.js';

/** One JSON document, as `--json` prints it. */
export function toJson(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Warnings go to standard error, so that they never mix with what was asked for. */
export function printWarnings(io: Io, warnings: readonly string[]): void {
  for (const warning of warnings) io.stderr.write(`warning: ${printable(warning)}\n`);
}

/** `1 change`, `3 changes`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** What a pass did: changes on standard output, what did not work on standard error. Returns the exit code. */
export function printPass<R extends ResyncResult>(
  { io, json }: Context,
  result: R,
  describe: (result: R) => string = describePass,
): number {
  io.stdout.write(json ? toJson(result) : describe(result));
  for (const error of result.errors) io.stderr.write(`moenet-agent: ${printable(error)}\n`);
  return result.ok ? 0 : 1;
}

/** The changes that a pass made, a line each. */
export function describePass({ changes, ok }: ResyncResult): string {
  if (changes.length === 0) return ok ? 'nothing was to be changed\n' : 'nothing was changed\n';
  return [
    `made ${counted(changes.length, 'change')}`,
    ...changes.map((text) => `  ${printable(text)}`),
    '',
  ].join('\n');
}

/**
 * Text from outside (descriptions, errors) as a terminal may get it: control, format and line-breaking characters,
 * which could move the cursor, set a title or hide other text, become a space.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
