import type { Command } from 'commander';
import type { Context } from '../commands.js';
import type { PageName } from '../program/choices.js';
import { toJson } from '../terminal/text.js';
import { commandTree } from './command-tree.js';
import { configurationPage } from './configuration-page.js';
import { programPage } from './program-page.js';

/** `moenet-agent manual PAGE`: a manual page in the macros of man(7). */
export function manualCommand({ io, json }: Context, page: PageName, program: Command): number {
  const text = pages[page](program);
  io.stdout.write(json ? toJson({ name: page, text }) : text);
  return 0;
}

const pages: Readonly<Record<PageName, (program: Command) => string>> = {
  'moenet-agent.8': (program) => programPage(commandTree(program), program.version() ?? ''),
  'moenet-agent.json.5': (program) => configurationPage(program.version() ?? ''),
};
