import { expect } from 'vitest';
import { commandTree } from '../../../src/cli/manual/command-tree.js';
import { makeProgram } from '../../../src/cli/program/program.js';

export const tree = commandTree(
  makeProgram(
    '1.2.3',
    () => expect.unreachable(),
    () => undefined,
  ),
);
