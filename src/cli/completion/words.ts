import { allCommands, type CommandNode, type OptionNode } from '../manual/command-tree.js';

/** `-c` and `--config`, of those options that take a value: the word after them is none of the command's. */
export function flagsWithValue(tree: CommandNode): readonly string[] {
  const options = allCommands(tree).flatMap((command) => command.options.filter(({ value }) => value));
  return [...new Set(options.flatMap(flagsOf))];
}

/** As one may write it: `-c` and `--config`. */
export function flagsOf({ short, long }: OptionNode): readonly string[] {
  return short === undefined ? [long] : [short, long];
}

/** The commands, each as one writes it: `bird restart`. */
export function commandLines(tree: CommandNode): readonly string[] {
  return allCommands(tree).flatMap(({ path }) => (path.length === 0 ? [] : [path.join(' ')]));
}

/** What may come next in a command, other than options: its own commands, or what its first argument may be. */
export function wordsAfter({ commands, arguments: [first] }: CommandNode): readonly string[] {
  const names = commands.map(({ path }) => path.at(-1) ?? '');
  return [...names, ...(first?.value.choices ?? [])];
}

/** A word of a shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
