import type { Command } from 'commander';
import type { Io } from '../commands.js';
import { type CommandNode, commandTree } from '../manual/command-tree.js';
import type { Shell } from '../program/choices.js';
import { bashCompletion } from './bash.js';
import { fishCompletion } from './fish.js';
import { zshCompletion } from './zsh.js';

const scripts: Readonly<Record<Shell, (tree: CommandNode) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `moenet-agent completion SHELL`: the script that the shell reads. */
export function completionCommand(io: Io, shell: Shell, program: Command): number {
  io.stdout.write(scripts[shell](commandTree(program)));
  return 0;
}
