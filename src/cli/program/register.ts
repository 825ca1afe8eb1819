import type { Command } from 'commander';
import type { Context } from '../commands.js';

/** Lets `command` run `start`, which resolves to the exit code. */
export type Register = (command: Command, start: (context: Context) => Promise<number>) => Command;
