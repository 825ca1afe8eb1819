import type { Command, CommanderError } from 'commander';

/** A wrong command line in one line, with where to look. Commander says some of it in words of programmers, and some not at all. */
export function describeUsage(
  error: CommanderError,
  args: readonly string[],
  program: Command | undefined,
): string {
  const names = program?.commands.map((command) => command.name()) ?? [];
  const help = ['moenet-agent', commandIn(args, names) ?? [], '--help'].flat().join(' ');
  return `${wordsOf(error, args, program)}. Try '${help}'.`;
}

function wordsOf(error: CommanderError, args: readonly string[], program: Command | undefined): string {
  if (error.code === 'commander.help') {
    const words = args.filter((arg) => !arg.startsWith('-'));
    const parent = program?.commands.find((command) => command.name() === words.at(-1));
    if (!parent) return `unknown command '${words.at(-1)}'`;
    return `'${parent.name()}' needs a command: ${parent.commands.map((command) => command.name()).join(', ')}`;
  }
  return error.message
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replaceAll('\n', ' ')
    .replace(
      /^command-argument value '(.*)' is invalid for argument '.*'\. Allowed choices are /,
      "'$1' is not one of: ",
    )
    .replace(
      /^option '(--[\w-]+).*' argument '(.*)' is invalid\. Allowed choices are /,
      "$1: '$2' is not one of: ",
    );
}

const withValue = ['-c', '--config', '--socket', '--log-level'];

/** The command that the arguments name, whatever options stand before it. */
function commandIn(args: readonly string[], names: readonly string[]): string | undefined {
  const word = args.find((arg, index) => !arg.startsWith('-') && !withValue.includes(args[index - 1] ?? ''));
  return word !== undefined && names.includes(word) ? word : undefined;
}
