import type { Argument, Command, Option } from 'commander';

/** One command of the program, with all that its help says: what manual pages and completions are made from. */
export interface CommandNode {
  /** `['bird', 'restart']`; empty for the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  /** Without the global ones, which the program itself has. */
  readonly options: readonly OptionNode[];
  readonly arguments: readonly ArgumentNode[];
  readonly commands: readonly CommandNode[];
}

export interface OptionNode {
  /** `-c`. */
  readonly short: string | undefined;
  /** `--config`. */
  readonly long: string;
  /** `--config <file>`. */
  readonly flags: string;
  /** With choices and default. */
  readonly description: string;
  readonly value: Value | undefined;
}

export interface ArgumentNode {
  /** `<session>` or `[session]`. */
  readonly term: string;
  readonly description: string;
  readonly value: Value;
}

/** What a user may type there; without choices, and where it is no file, only the user knows. */
export interface Value {
  /** `session`. */
  readonly name: string;
  readonly choices: readonly string[];
  readonly isFile: boolean;
}

/** The tree of what `--help` shows. */
export function commandTree(program: Command): CommandNode {
  return nodeOf(program, []);
}

/** A command and all below it. */
export function allCommands(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(allCommands)];
}

function nodeOf(command: Command, path: readonly string[]): CommandNode {
  const help = command.createHelp();
  // `bird help` is left out, and `help` takes the name of a command.
  const children = help
    .visibleCommands(command)
    .filter((child) => path.length === 0 || child.name() !== 'help');
  const names = children.map((child) => child.name());
  const isRoot = path.length === 0;
  return {
    path,
    description: command.description(),
    options: help
      .visibleOptions(command)
      .filter(({ long }) => isRoot || long !== '--help')
      .map((option) => optionNode(option, help.optionDescription(option))),
    arguments: command.registeredArguments.map((argument) =>
      argumentNode(argument, help.argumentTerm(argument), help.argumentDescription(argument)),
    ),
    commands: children.map((child) => {
      const node = nodeOf(child, [...path, child.name()]);
      return child.name() === 'help' ? withChoices(node, names) : node;
    }),
  };
}

function optionNode(option: Option, description: string): OptionNode {
  const { short, long = '', flags, argChoices = [] } = option;
  const name = /[<[](.+)[>\]]/.exec(flags)?.[1];
  return {
    short,
    long,
    flags,
    description,
    value: name === undefined ? undefined : valueNamed(name, argChoices),
  };
}

function argumentNode(argument: Argument, name: string, description: string): ArgumentNode {
  return {
    term: argument.required ? `<${name}>` : `[${name}]`,
    description,
    value: valueNamed(name, argument.argChoices ?? []),
  };
}

function valueNamed(name: string, choices: readonly string[]): Value {
  return { name, choices, isFile: name === 'file' || name === 'path' };
}

function withChoices(node: CommandNode, choices: readonly string[]): CommandNode {
  const arguments_ = node.arguments.map((each) => ({ ...each, value: { ...each.value, choices } }));
  return { ...node, arguments: arguments_ };
}
