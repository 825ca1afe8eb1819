import type { BatchCommand } from './batch.js';

/**
 * Finds out from the result of `ip -force -batch -` whose commands failed: interface → the program's own words.
 * `ip` says `Command failed -:LINE` after the words of each failure and goes on. Words with no such line behind them
 * are the end of `ip` itself: then every command after the last one that was heard of counts as failed.
 */
export function attributeFailures(
  commands: readonly BatchCommand[],
  { stderr, exitCode }: { readonly stderr: string; readonly exitCode: number },
): ReadonlyMap<string, string> {
  if (exitCode === 0) return new Map();
  const { failed, rest } = parseBatchErrors(stderr);
  const heard = failed.at(-1)?.line ?? 0;
  const failures = failed.map(({ line, words }) => ({ command: commands[line - 1], words }));
  if (rest !== '' || failed.length === 0)
    for (const command of commands.slice(heard))
      failures.push({ command, words: rest || `ip failed with exit code ${exitCode}` });
  return joinByInterface(failures);
}

interface BatchErrors {
  readonly failed: readonly { readonly line: number; readonly words: string }[];
  readonly rest: string;
}

function parseBatchErrors(stderr: string): BatchErrors {
  // Split with a group: words, line, words, line, ..., rest.
  const parts = stderr.split(/^Command failed -:(\d+)$/m);
  const failed = parts.flatMap((words, index) => {
    const line = parts[index + 1];
    return index % 2 === 0 && line !== undefined ? [{ line: Number(line), words: toSentence(words) }] : [];
  });
  return { failed, rest: toSentence(parts.at(-1) ?? '') };
}

function toSentence(words: string): string {
  const lines = words.split('\n').map((line) => line.replace(/^(Error|RTNETLINK answers): /, '').trim());
  return lines.filter((line) => line !== '').join('; ');
}

function joinByInterface(
  failures: readonly { readonly command: BatchCommand | undefined; readonly words: string }[],
): ReadonlyMap<string, string> {
  const joined = new Map<string, Set<string>>();
  for (const { command, words } of failures) {
    if (command === undefined || command.done?.test(words)) continue;
    joined.set(command.interface, (joined.get(command.interface) ?? new Set()).add(words || 'failed'));
  }
  return new Map([...joined].map(([name, sentences]) => [name, [...sentences].join('; ')]));
}
